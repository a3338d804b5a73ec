#include "src/ec2/query/other_parameters.h"

namespace casim::ec2::query {
namespace {

using enum OtherParameter::Kind;

constexpr OtherParameter kOfRunInstances[] = {
    {"AdditionalInfo"},
    {"BlockDeviceMapping.N.DeviceName"},
    {"BlockDeviceMapping.N.Ebs.DeleteOnTermination", kFlag},
    {"BlockDeviceMapping.N.Ebs.Encrypted", kFlag},
    {"BlockDeviceMapping.N.Ebs.Iops", kNumber},
    {"BlockDeviceMapping.N.Ebs.KmsKeyId"},
    {"BlockDeviceMapping.N.Ebs.SnapshotId"},
    {"BlockDeviceMapping.N.Ebs.Throughput", kNumber},
    {"BlockDeviceMapping.N.Ebs.VolumeInitializationRate", kNumber},
    {"BlockDeviceMapping.N.Ebs.VolumeSize", kNumber},
    {"BlockDeviceMapping.N.Ebs.VolumeType"},
    {"BlockDeviceMapping.N.NoDevice"},
    {"BlockDeviceMapping.N.VirtualName"},
    {"CpuOptions.AmdSevSnp"},
    {"CpuOptions.CoreCount", kNumber},
    {"CpuOptions.ThreadsPerCore", kNumber},
    {"CreditSpecification.CpuCredits"},
    {"DisableApiStop", kFlag},
    {"EbsOptimized", kFlag},
    {"EnablePrimaryIpv6", kFlag},
    {"EnclaveOptions.Enabled", kFlag},
    {"HibernationOptions.Configured", kFlag},
    {"InstanceInitiatedShutdownBehavior"},
    {"InstanceMarketOptions.SpotOptions.BlockDurationMinutes", kNumber},
    {"InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior"},
    {"InstanceMarketOptions.SpotOptions.MaxPrice"},
    {"InstanceMarketOptions.SpotOptions.SpotInstanceType"},
    {"InstanceMarketOptions.SpotOptions.ValidUntil"},
    {"Ipv6Address.N.Ipv6Address"},
    {"Ipv6AddressCount", kNumber},
    {"KernelId"},
    {"LicenseSpecification.N.LicenseConfigurationArn"},
    {"MaintenanceOptions.AutoRecovery"},
    {"MetadataOptions.HttpEndpoint"},
    {"MetadataOptions.HttpProtocolIpv6"},
    {"MetadataOptions.HttpPutResponseHopLimit", kNumber},
    {"MetadataOptions.HttpTokens"},
    {"MetadataOptions.InstanceMetadataTags"},
    {"Monitoring.Enabled", kFlag},
    {"NetworkPerformanceOptions.BandwidthWeighting"},
    {"Operator.Principal"},
    {"Placement.Affinity"},
    {"Placement.GroupId"},
    {"Placement.GroupName"},
    {"Placement.PartitionNumber", kNumber},
    {"Placement.SpreadDomain"},
    {"Placement.Tenancy"},
    {"PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", kFlag},
    {"PrivateDnsNameOptions.EnableResourceNameDnsARecord", kFlag},
    {"PrivateDnsNameOptions.HostnameType"},
    {"PrivateIpAddress"},
    {"RamdiskId"},
    {"SecurityGroup.N"},
};

constexpr OtherParameter kOfNetworkInterfaces[] = {
    {"AssociateCarrierIpAddress", kFlag},
    {"AssociatePublicIpAddress", kFlag},
    {"DeleteOnTermination", kFlag},
    {"Description"},
    {"DeviceIndex", kNumber},
    {"InterfaceType"},
    {"Ipv4Prefix.N.Ipv4Prefix"},
    {"Ipv4PrefixCount", kNumber},
    {"Ipv6AddressCount", kNumber},
    {"Ipv6Addresses.N.Ipv6Address"},
    {"Ipv6Prefix.N.Ipv6Prefix"},
    {"Ipv6PrefixCount", kNumber},
    {"NetworkCardIndex", kNumber},
    {"PrimaryIpv6", kFlag},
    {"PrivateIpAddress"},
    {"PrivateIpAddresses.N.Primary", kFlag},
    {"PrivateIpAddresses.N.PrivateIpAddress"},
    {"SecondaryPrivateIpAddressCount", kNumber},
};

constexpr OtherParameter kOfCreateFleet[] = {
    {"Context"},
    {"ExcessCapacityTerminationPolicy"},
    {"OnDemandOptions.CapacityReservationOptions.UsageStrategy"},
    {"OnDemandOptions.MaxTotalPrice"},
    {"ReplaceUnhealthyInstances", kFlag},
    {"SpotOptions.InstanceInterruptionBehavior"},
    {"SpotOptions.InstancePoolsToUseCount", kNumber},
    {"SpotOptions.MaintenanceStrategies.CapacityRebalance.ReplacementStrategy"},
    {"SpotOptions.MaintenanceStrategies.CapacityRebalance.TerminationDelay", kNumber},
    {"SpotOptions.MaxTotalPrice"},
    {"TargetCapacitySpecification.TargetCapacityUnitType"},
    {"TerminateInstancesWithExpiration", kFlag},
    {"ValidFrom"},
    {"ValidUntil"},
};

constexpr OtherParameter kOfFleetOverrides[] = {
    {"BlockDeviceMapping.N.DeviceName"},
    {"BlockDeviceMapping.N.Ebs.DeleteOnTermination", kFlag},
    {"BlockDeviceMapping.N.Ebs.Encrypted", kFlag},
    {"BlockDeviceMapping.N.Ebs.Iops", kNumber},
    {"BlockDeviceMapping.N.Ebs.KmsKeyId"},
    {"BlockDeviceMapping.N.Ebs.SnapshotId"},
    {"BlockDeviceMapping.N.Ebs.Throughput", kNumber},
    {"BlockDeviceMapping.N.Ebs.VolumeSize", kNumber},
    {"BlockDeviceMapping.N.Ebs.VolumeType"},
    {"BlockDeviceMapping.N.NoDevice"},
    {"BlockDeviceMapping.N.VirtualName"},
    {"MaxPrice"},
    {"Placement.GroupName"},
    {"Placement.Tenancy"},
};

}  // namespace

std::span<const OtherParameter> other_parameters_of_run_instances() { return kOfRunInstances; }

std::span<const OtherParameter> other_parameters_of_network_interfaces() {
  return kOfNetworkInterfaces;
}

std::span<const OtherParameter> other_parameters_of_create_fleet() { return kOfCreateFleet; }

std::span<const OtherParameter> other_parameters_of_fleet_overrides() { return kOfFleetOverrides; }

}  // namespace casim::ec2::query
