//! Addresses inside: no reply, redirect or name may lead a client to this machine or its own network,
//! unless it was told that what it asks is there.

use super::Options;
use super::address::{host, parsed, shown};
use crate::error::{Error, Kind};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Which inner addresses a client may connect to.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Host and port, as [`host`] writes them.
    allowed: Vec<String>,
    /// The names of proxies, which usually are inside.
    proxies: Vec<String>,
}

/// A name that leads inside only.
#[derive(Debug)]
pub struct Inside(pub IpAddr);

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it leads to {}, an address of a private network", self.0)
    }
}

impl std::error::Error for Inside {}

impl Guard {
    /// The guard these options ask for, if they do.
    pub fn of(options: &Options) -> Option<Self> {
        let allowed = options.inside.clone()?;
        let named = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
        let set = named.iter().filter_map(|name| std::env::var(name).ok()).chain(options.proxy.clone());
        let name = |address: String| {
            let whole = if address.contains("://") { address } else { format!("http://{address}") };
            Url::parse(&whole).ok().and_then(|url| url.host_str().map(str::to_owned))
        };
        Some(Self { allowed, proxies: set.filter_map(name).collect() })
    }

    /// Refuses an address that names a private place by its number, or an allowed machine at another port.
    /// Names are looked at once they are resolved.
    pub fn check(&self, url: &Url) -> Result<(), Error> {
        if self.allowed.contains(&host(url)) {
            return Ok(());
        }
        let name = url.host_str().unwrap_or_default();
        let beside = self.allows(name) && !self.proxies.iter().any(|proxy| proxy == name);
        match number(name) {
            Some(ip) if is_inside(ip) => Err(refused(&Inside(ip), url.as_str())),
            None if beside => Err(refused(&Inside(Ipv4Addr::LOCALHOST.into()), url.as_str())),
            _ => Ok(()),
        }
    }

    fn allows(&self, name: &str) -> bool {
        self.allowed.iter().any(|own| own.rsplit_once(':').is_some_and(|(own, _)| own == name))
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let free = self.allows(name.as_str()) || self.proxies.iter().any(|proxy| proxy == name.as_str());
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let open: Vec<SocketAddr> = found.iter().copied().filter(|at| free || !is_inside(at.ip())).collect();
            match found.first() {
                // What is connected to is what was looked at: a name that changes its mind gains nothing.
                Some(first) if open.is_empty() => Err(Inside(first.ip()).into()),
                _ => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}

/// The error for an address that leads inside.
pub fn refused(inside: &Inside, url: &str) -> Error {
    Error::new(Kind::Private, format!("not asked: {inside}"))
        .hint("if that is where the media are, inside= names the host and port that may be asked")
        .in_source(&shown(url))
}

/// Host and port of an address, as [`Options::inside`] names them, if it is one of the web.
#[must_use]
pub fn place(url: &str) -> Option<String> {
    parsed(url).ok().map(|url| host(&url))
}

/// Whether an address leads inside by its number, or by the name of this machine; and whether it names the
/// link itself, where machines tell secrets about themselves.
#[must_use]
pub fn inside(url: &str) -> Option<(bool, bool)> {
    let url = parsed(url).ok()?;
    let name = url.host_str()?;
    let local = name == "localhost" || name.ends_with(".localhost");
    let ip = number(name);
    let link = matches!(ip, Some(IpAddr::V4(ip)) if ip.is_link_local())
        || matches!(ip, Some(IpAddr::V6(ip)) if ip.is_unicast_link_local());
    Some((local || ip.is_some_and(is_inside), link))
}

fn number(name: &str) -> Option<IpAddr> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address is none of the public network (the registries of RFC 6890 and its successors).
fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_inside_v4(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| is_inside_v6(ip), is_inside_v4),
    }
}

fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let special = a == 0 || a >= 240 || (a, b, c) == (192, 0, 0) || a == 198 && (b == 18 || b == 19);
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || shared || special
}

fn is_inside_v6(ip: Ipv6Addr) -> bool {
    let local = ip.is_loopback() || ip.is_unspecified() || ip.is_multicast();
    // fec0::/10 was once the private network of a site.
    local || ip.is_unique_local() || ip.is_unicast_link_local() || ip.segments()[0] & 0xffc0 == 0xfec0
}

/// The address of the old network that one of the new stands for: mapped, NAT64, 6to4.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(v4(high, low))
        }
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allowed: &[&str]) -> Guard {
        Guard { allowed: allowed.iter().map(|own| (*own).to_owned()).collect(), proxies: Vec::new() }
    }

    #[test]
    fn no_spelling_of_a_private_address_gets_through() {
        for host in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0x7f.1",
            "2130706433",
            "0177.0.0.1",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[::127.0.0.1]",
        ] {
            let url = Url::parse(&format!("http://{host}/x")).unwrap();
            assert!(guard(&[]).check(&url).is_err(), "{host}");
        }
        for host in ["93.184.216.34", "museum.example", "[2606:2800:220:1::1]"] {
            let url = Url::parse(&format!("http://{host}/x")).unwrap();
            assert!(guard(&[]).check(&url).is_ok(), "{host}");
        }
    }

    #[test]
    fn an_allowed_place_is_a_host_and_its_port() {
        let own = guard(&["127.0.0.1:8000", "media.lan:80"]);
        let ok = |url: &str| own.check(&Url::parse(url).unwrap()).is_ok();
        assert!(ok("http://127.0.0.1:8000/a") && ok("http://media.lan/a"));
        assert!(!ok("http://127.0.0.1:8001/a") && !ok("http://127.0.0.2:8000/a") && !ok("http://media.lan:22/a"));
    }

    #[test]
    fn a_name_that_leads_inside_is_seen_when_it_is_resolved() {
        let names = |own: Guard| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(own.resolve("localhost".parse().unwrap())).map(Iterator::count)
        };
        assert!(names(guard(&[])).is_err());
        assert!(names(guard(&["localhost:80"])).unwrap() > 0);
    }
}
