// Names of places in EC2. Source: the User Guide's pages on Regions, Local Zones and Wavelength
// Zones: each zone's name begins with that of its Region.
#pragma once

#include <string>
#include <string_view>

namespace casim::ec2 {

// The Region of a zone: the name up to the first number that stands behind a dash. "us-east-1a"
// (availability zone) and "us-east-1-wl1-bos-wlz-1" (wavelength zone) lie in "us-east-1",
// "us-west-2-lax-1a" (local zone) in "us-west-2". A name without such a number is answered whole.
std::string region_of(std::string_view zone);

}  // namespace casim::ec2
