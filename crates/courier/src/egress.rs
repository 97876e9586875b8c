//! The egress guard: which addresses a request may go to.
//!
//! A name is resolved once per request; every address it has is checked, and the connection goes to one of those very
//! addresses. A name that answers differently a moment later (DNS rebinding) is thus never asked again. One refused address
//! refuses the name: a name that is both public and private is no honest one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// A range of addresses, such as `10.1.0.0/16` or `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    // INVARIANT: `bits` is at most 32 for IPv4 and 128 for IPv6.
    first: IpAddr,
    bits: u8,
}

/// A text that is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{found}` as a range of addresses: expected one such as `10.1.0.0/16` or `::1`")]
pub struct RangeError {
    found: String,
}

/// An address no request may go to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("send to {address}: it is {what}, and no `allow` of the egress guard names it")]
pub struct Refused {
    address: IpAddr,
    what: &'static str,
}

/// Which addresses may be reached beyond the public ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    allowed: Vec<Range>,
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let error = || RangeError {
            found: text.chars().take(100).collect(),
        };
        let (first, bits) = match text.split_once('/') {
            Some((first, bits)) => (first, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = first.parse().map_err(|_| error())?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| error())?
            }
            Some(_) => return Err(error()),
            None => most,
        };
        (bits <= most)
            .then_some(Self { first, bits })
            .ok_or_else(error)
    }
}

impl Range {
    fn holds(self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                first.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(self.bits))
                    .unwrap_or(0);
                first.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl Guard {
    /// Returns a guard that lets requests go to public addresses and to these ranges.
    pub fn new(allowed: Vec<Range>) -> Self {
        Self { allowed }
    }

    /// Checks every address of one name.
    ///
    /// # Errors
    /// With the first address that no request may go to.
    pub fn check(&self, addresses: &[SocketAddr]) -> Result<(), Refused> {
        let refused = addresses
            .iter()
            .find_map(|address| self.refused(address.ip()));
        refused.map_or(Ok(()), Err)
    }

    fn refused(&self, address: IpAddr) -> Option<Refused> {
        // What an address stands for counts, for a range that is allowed as for one that is not.
        let meant = embedded(address).map_or(address, IpAddr::V4);
        let is_allowed = |range: &Range| range.holds(address) || range.holds(meant);
        if self.allowed.iter().any(is_allowed) {
            return None;
        }
        let what = match meant {
            IpAddr::V4(address) => special_v4(address),
            IpAddr::V6(address) => special_v6(address),
        };
        what.map(|what| Refused { address, what })
    }
}

/// Returns the IPv4 address that an IPv6 address is a way of writing, or leads to through a translator.
fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    let bits = address.to_bits();
    let low = bits & u128::from(u32::MAX);
    let v4 = match bits >> 32 {
        // IPv4-mapped, NAT64 (RFC 6052), and the deprecated IPv4-compatible form but for `::` and `::1`.
        0xffff | 0x0064_ff9b_0000_0000_0000_0000 => low,
        0 if low > 1 => low,
        // 6to4 (RFC 3056).
        _ if bits >> 112 == 0x2002 => (bits >> 80) & u128::from(u32::MAX),
        _ => return None,
    };
    u32::try_from(v4).ok().map(Ipv4Addr::from_bits)
}

/// Special-purpose ranges of IPv4 (IANA registry, RFC 6890 and its updates).
const V4: &[(u32, u8, &str)] = &[
    (0x0000_0000, 8, "unspecified"),
    (0x0a00_0000, 8, "private"),
    (0x6440_0000, 10, "shared by a provider"),
    (0x7f00_0000, 8, "loopback"),
    (0xa9fe_0000, 16, "link-local"),
    (0xac10_0000, 12, "private"),
    (0xc000_0000, 24, "reserved for protocols"),
    (0xc000_0200, 24, "for documentation"),
    (0xc058_6300, 24, "reserved"),
    (0xc0a8_0000, 16, "private"),
    (0xc612_0000, 15, "for measurements"),
    (0xc633_6400, 24, "for documentation"),
    (0xcb00_7100, 24, "for documentation"),
    (0xe000_0000, 4, "multicast"),
    (0xf000_0000, 4, "reserved"),
];

/// Special-purpose ranges of IPv6.
const V6: &[(u16, u16, u8, &str)] = &[
    (0x0064, 0xff9b, 32, "behind a translator"),
    (0x0100, 0x0000, 64, "for discarding"),
    (0x2001, 0x0000, 23, "reserved for protocols"),
    (0x2001, 0x0db8, 32, "for documentation"),
    (0x3fff, 0x0000, 20, "for documentation"),
    (0x5f00, 0x0000, 16, "for segment routing"),
    (0xfc00, 0x0000, 7, "private"),
    (0xfe80, 0x0000, 10, "link-local"),
    (0xfec0, 0x0000, 10, "private"),
    (0xff00, 0x0000, 8, "multicast"),
];

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let ranges = V4.iter().map(|(first, bits, what)| {
        let first = IpAddr::V4(Ipv4Addr::from_bits(*first));
        (Range { first, bits: *bits }, *what)
    });
    named(ranges, IpAddr::V4(address))
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("unspecified");
    }
    if address.is_loopback() {
        return Some("loopback");
    }
    let ranges = V6.iter().map(|(first, second, bits, what)| {
        let first = Ipv6Addr::new(*first, *second, 0, 0, 0, 0, 0, 0);
        let first = IpAddr::V6(first);
        (Range { first, bits: *bits }, *what)
    });
    named(ranges, IpAddr::V6(address))
}

fn named(
    mut ranges: impl Iterator<Item = (Range, &'static str)>,
    address: IpAddr,
) -> Option<&'static str> {
    let found = ranges.find(|(range, _)| range.holds(address));
    found.map(|(_, what)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(allowed: &[&str], address: &str) -> Option<&'static str> {
        let allowed = allowed.iter().map(|range| range.parse().unwrap()).collect();
        let address = SocketAddr::new(address.parse().unwrap(), 443);
        Guard::new(allowed)
            .check(&[address])
            .err()
            .map(|refused| refused.what)
    }

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        for (address, expected) in [
            ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "unspecified"),
            ("10.0.0.1", "private"),
            ("100.64.0.1", "shared by a provider"),
            ("100.127.255.255", "shared by a provider"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.254", "loopback"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.0.0.8", "reserved for protocols"),
            ("192.168.1.1", "private"),
            ("198.19.0.1", "for measurements"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.255", "multicast"),
            ("255.255.255.255", "reserved"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "loopback"),
            ("::ffff:10.0.0.1", "private"),
            ("::ffff:169.254.169.254", "link-local"),
            ("::127.0.0.1", "loopback"),
            ("64:ff9b::7f00:1", "loopback"),
            ("64:ff9b:1::1", "behind a translator"),
            ("2002:7f00:1::", "loopback"),
            ("2002:a9fe:a9fe::1", "link-local"),
            ("2001:0:1::1", "reserved for protocols"),
            ("2001:db8::1", "for documentation"),
            ("fc00::1", "private"),
            ("fd12:3456::1", "private"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "private"),
            ("ff02::1", "multicast"),
        ] {
            assert_eq!(what(&[], address), Some(expected), "{address}");
        }
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.128.0.0",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
            "2606:4700::1",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert_eq!(what(&[], address), None, "{address}");
        }
    }

    #[test]
    fn what_is_configured_may_be_reached_and_nothing_beside_it() {
        let allowed = ["10.1.0.0/16", "::1", "127.0.0.1/32"];
        for address in ["10.1.255.1", "::1", "127.0.0.1", "::ffff:10.1.0.1"] {
            assert_eq!(what(&allowed, address), None, "{address}");
        }
        for address in ["10.2.0.1", "127.0.0.2", "fe80::1"] {
            assert!(what(&allowed, address).is_some(), "{address}");
        }
        assert_eq!(what(&["0.0.0.0/0"], "127.0.0.1"), None);
        assert_eq!(what(&["::/0"], "::1"), None);
    }

    #[test]
    fn one_refused_address_refuses_the_name() {
        let addresses: Vec<SocketAddr> = ["1.1.1.1:443", "127.0.0.1:443"]
            .map(|address| address.parse().unwrap())
            .to_vec();
        let refused = Guard::default().check(&addresses).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "send to 127.0.0.1: it is loopback, and no `allow` of the egress guard names it"
        );
    }

    #[test]
    fn ranges_are_read_strictly() {
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "x/8",
            "10.0.0/8",
        ] {
            assert!(bad.parse::<Range>().is_err(), "{bad}");
        }
    }
}
