// What a configuration means: the options of each part, with everything from the environment and
// the catalogue filled in.
#pragma once

#include "src/ec2/credentials/credentials.h"
#include "src/http/client.h"
#include "src/live/provider_file.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/types.h"
#include "src/server/live_server.h"

namespace casim::live {

provider::Config plan_provider(const ProviderFile& file, const std::string& region);
provider::Ec2MachinesOptions plan_machines(const ProviderFile& file);
server::ListenOptions plan_listen(const ListenConfig& listen);

// The Region of the configuration, of the environment, of the zones.
std::string plan_region(const ProviderFile& file, const ec2::Environment& environment);
// Throws std::runtime_error where the environment names an endpoint that is none.
http::ClientOptions plan_client(const ProviderFile& file, const std::string& region,
                                const ec2::Environment& environment);
// Throws likewise.
std::unique_ptr<ec2::CredentialSource> plan_credentials(const CredentialsConfig& config,
                                                        const ec2::Environment& environment,
                                                        Clock& clock,
                                                        const asio::any_io_executor& executor);

// What a running provider cannot take over from another configuration, by the paths of members.
std::vector<std::string> fixed_differences(const ProviderFile& running, const ProviderFile& wanted);

}  // namespace casim::live
