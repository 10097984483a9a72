//! Connections of one process: TLS, proxies, how many to a host.

use super::address::parsed;
use super::guard::Guard;
use super::{Client, Options};
use crate::error::{Error, Kind, Result};
use reqwest::header::{FROM, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{ClientBuilder, NoProxy, Proxy, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What a client holds in one process.
#[derive(Clone)]
pub struct Connections {
    pub client: reqwest::Client,
    hosts: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    limit: usize,
}

impl Connections {
    pub fn new(options: &Options) -> Result<Self> {
        let limit = options.connections;
        Ok(Self { client: build(options)?, hosts: Arc::default(), limit })
    }

    /// The permits of a host: one for each connection it may see at a time.
    pub fn permits(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let permits = hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.limit)));
        Arc::clone(permits)
    }
}

impl Client {
    /// The connections of this process.
    pub(super) fn connections(&self) -> Result<Connections> {
        let mut slot = self.0.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if let Some((owner, connections)) = &*slot
            && *owner == process
        {
            return Ok(connections.clone());
        }
        let connections = Connections::new(&self.0.options)?;
        if let Some(parents) = slot.replace((process, connections.clone())) {
            // They belong to the process we were forked from, which goes on using them.
            std::mem::forget(parents);
        }
        Ok(connections)
    }
}

fn build(options: &Options) -> Result<reqwest::Client> {
    // Fails if there is one already, and then that one is used.
    drop(ring::default_provider().install_default());
    if let Ok(client) = builder(options)?.tls_danger_accept_invalid_certs(!options.verify).build() {
        return Ok(client);
    }
    // Without any certificate authority on this machine nothing can be verified, but what needs no
    // verification goes on working.
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Error::new(Kind::Tls, format!("TLS can't be set up: {error}")))?;
    let config = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    builder(options)?.tls_backend_preconfigured(config).build().map_err(|error| {
        Error::new(Kind::Network, format!("the network can't be set up: {error}")).hint("naturalia doctor may tell why")
    })
}

fn builder(options: &Options) -> Result<ClientBuilder> {
    let mut builder = reqwest::Client::builder()
        .default_headers(headers(options)?)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(options.timeout)
        .read_timeout(options.timeout)
        .pool_max_idle_per_host(options.connections)
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_nodelay(true)
        .http1_only();
    if let Some(guard) = Guard::of(options) {
        builder = builder.dns_resolver(guard);
    }
    builder = match options.proxy.as_deref() {
        None => builder,
        Some("") => builder.no_proxy(),
        Some(address) => {
            let proxy = Proxy::all(address).map_err(|_| {
                let message = format!("{:?} is no address of a proxy", super::shown(address));
                Error::new(Kind::Value, message).hint("it looks like http://host:port or socks5://host:port")
            })?;
            builder.proxy(proxy.no_proxy(NoProxy::from_env()))
        }
    };
    Ok(builder)
}

fn headers(options: &Options) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let version = env!("CARGO_PKG_VERSION");
    let contact = options.contact.as_deref().map(str::trim).filter(|contact| !contact.is_empty());
    let agent = match contact {
        Some(contact) if is_mail(contact) => format!("naturalia/{version} (mailto:{contact})"),
        Some(contact) => format!("naturalia/{version} ({contact})"),
        None => format!("naturalia/{version}"),
    };
    let wrong = |what: &str| {
        let message = format!("{what} has characters that a header of HTTP can't have");
        Error::new(Kind::Value, message)
    };
    headers.insert(USER_AGENT, HeaderValue::from_str(&agent).map_err(|_| wrong("contact"))?);
    if let Some(contact) = contact.filter(|contact| is_mail(contact)) {
        headers.insert(FROM, HeaderValue::from_str(contact).map_err(|_| wrong("contact"))?);
    }
    // The others are added to each request, where it is known which host it goes to.
    for (name, value) in &options.headers {
        header(name, value)?;
    }
    if let Some(address) = options.proxy.as_deref().filter(|address| !address.is_empty()) {
        let socks = address.starts_with("socks");
        if !socks {
            parsed(address)?;
        }
    }
    Ok(headers)
}

/// A header, if it can be one; an error names it without its value, which may be a secret.
pub fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let wrong = || Error::new(Kind::Value, format!("{name:?} is no header, or its value can't be sent"));
    let own = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
    Ok((own, HeaderValue::from_str(value).map_err(|_| wrong())?))
}

fn is_mail(contact: &str) -> bool {
    contact.contains('@') && !contact.contains([' ', '/', ':'])
}
