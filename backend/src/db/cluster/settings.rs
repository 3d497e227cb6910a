//! How the private server is set up, given to it as flags: they follow this program's version and
//! not the day on which the cluster was made.

use std::path::Path;

use super::{binaries::Binaries, owner::Owner};

/// The rules that hold for every private cluster, each with its reason.
const FIXED: [(&str, &str); 12] = [
    // A socket in a closed folder is the only way in, so `trust` needs no password.
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    // A 2xx answer to a write means that it survives a power cut.
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("max_connections", "100"),
    // Bulk loads of a million tickets would otherwise wait for one checkpoint after the other.
    ("max_wal_size", "2GB"),
    // A forgotten transaction holds back the change feed for everyone.
    ("idle_in_transaction_session_timeout", "60s"),
    // Every statement here is short; compiling one takes longer than running it.
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_line_prefix", "%m [%p] "),
    // The detail of a failed constraint repeats the row, with texts that may be redacted later and
    // with the secret of a browser: neither belongs in a log.
    ("log_error_verbosity", "terse"),
];

/// All flags of the server, as `-c name=value` pairs of arguments.
pub(super) fn build_flags(
    cluster_name: &str,
    socket_folder: &Path,
    compression: Option<&str>,
    extra: &[(String, String)],
) -> Vec<String> {
    let fixed = FIXED.iter().map(|(name, value)| format!("{name}={value}"));
    let own = [
        format!("cluster_name={cluster_name}"),
        format!("unix_socket_directories={}", quote_list_item(&socket_folder.to_string_lossy())),
        format!("port={}", super::socket::PORT),
        format!("shared_buffers={}MB", choose_buffers(&read_meminfo())),
    ];
    let compression = compression.map(|method| format!("wal_compression={method}"));
    let extra = extra.iter().map(|(name, value)| format!("{name}={value}"));
    // The last one of a name wins, so the extra ones come last.
    let all = fixed.chain(own).chain(compression).chain(extra);
    all.flat_map(|setting| ["-c".to_owned(), setting]).collect()
}

/// An eighth of the machine's memory in MB, 128 to 1,024: the desk shares its machine, and the kernel's cache holds the
/// rest. With fewer, reading one of a million tickets copies its pages from that cache each time.
fn choose_buffers(meminfo: &str) -> u64 {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes = total.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.map_or(0, |kilobytes: u64| kilobytes / 1024 / 8).clamp(128, 1024)
}

/// Empty where the system does not tell.
fn read_meminfo() -> String {
    std::fs::read_to_string("/proc/meminfo").unwrap_or_default()
}

/// The cheap compression of full-page images, if this PostgreSQL was built with it. The one that is
/// always there costs more processor time than the writing it saves.
pub(super) async fn find_compression(
    found: &Binaries,
    owner: &Owner,
    pgdata: &Path,
) -> Option<&'static str> {
    if found.major < 15 {
        return None;
    }
    let mut command = owner.command(found.program("postgres"));
    command.args(["-C", "wal_compression", "-c", "wal_compression=lz4", "-D"]).arg(pgdata);
    let output = tokio::process::Command::from(command).output().await.ok()?;
    output.status.success().then_some("lz4")
}

/// A comma or a space would otherwise end the folder's name.
fn quote_list_item(item: &str) -> String {
    format!("\"{}\"", item.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_an_eighth_of_the_memory_within_bounds() {
        let meminfo = |kilobytes: u64| format!("MemTotal:       {kilobytes} kB\nMemFree: 1 kB\n");
        for (kilobytes, buffers) in [(512 * 1024, 128), (4 * 1024 * 1024, 512), (64 << 20, 1024)] {
            assert_eq!(choose_buffers(&meminfo(kilobytes)), buffers);
        }
        assert_eq!(choose_buffers(""), 128);
    }
}
