//! Packs a program as Lambda takes it: a zip with one file, the same bytes for the same program.

use std::fs;
use std::io::Write;
use std::path::Path;

use libdeflater::{CompressionLvl, Compressor, crc32};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};

/// What the platform starts.
const NAME: &str = "bootstrap";
/// Whoever unpacks it may start it, whatever became of the file's own mode on its way here.
const MODE: u32 = 0o100_755;
/// Packs a program into a zip; how large that is, in bytes.
///
/// Errors: a file that cannot be read or written.
pub(crate) fn pack(program: &Path, zip: &Path) -> Result<u64, String> {
    let told = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = fs::read(program).map_err(|error| told(program, &error))?;
    let packed = packed(&bytes).map_err(|error| told(program, &error))?;
    fs::write(zip, &packed).map_err(|error| told(zip, &error))?;
    Ok(packed.len() as u64)
}

/// The bytes of the zip.
fn packed(program: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut deflated = vec![0; compressor.deflate_compress_bound(program.len())];
    let length = compressor.deflate_compress(program, &mut deflated)?;
    deflated.truncate(length);
    // When every program was made, as far as its zip tells: the first day a zip can tell of.
    let made =
        UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0).ok_or("there is no such day")?;
    let mut archive = ZipArchiveWriter::new(Vec::new());
    let file = archive.new_file(NAME).compression_method(CompressionMethod::DEFLATE);
    let (mut entry, _) = file.unix_permissions(MODE).last_modified(made).start()?;
    entry.write_all(&deflated)?;
    entry.finish(DataDescriptorOutput::new(crc32(program), program.len() as u64))?;
    Ok(archive.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};
    use std::time::{Duration, SystemTime};

    use super::*;

    fn program() -> Vec<u8> {
        (0..200_000_u32).flat_map(|number| (number % 977).to_le_bytes()).collect()
    }

    #[test]
    fn what_another_reader_takes_out_is_the_program_and_may_be_started() {
        let zip = packed(&program()).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_name("bootstrap").unwrap();
        assert_eq!(file.unix_mode(), Some(0o100_755));
        let mut taken = Vec::new();
        file.read_to_end(&mut taken).unwrap();
        assert!(taken == program());
    }

    #[test]
    fn a_program_is_packed_to_the_same_bytes_whenever_it_was_made() {
        let folder = tempfile::tempdir().unwrap();
        let (program, zip) = (folder.path().join("bootstrap"), folder.path().join("one.zip"));
        let made = |seconds| {
            fs::write(&program, "a program").unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            fs::File::options().append(true).open(&program).unwrap().set_modified(time).unwrap();
            assert_eq!(pack(&program, &zip), Ok(fs::read(&zip).unwrap().len() as u64));
            fs::read(&zip).unwrap()
        };
        assert!(made(1_700_000_000) == made(1_800_000_000));
        assert!(pack(&folder.path().join("none"), &zip).unwrap_err().contains("none"));
    }
}
