using System.IO.Compression;
using KerasCompat.Testing;
using KerasCompat.Zip;

namespace KerasCompat.Containers.Tests;

public class ZipReaderTests
{
    [Theory]
    [InlineData("runs")]
    [InlineData("text")]
    [InlineData("empty")]
    public void All_methods_give_the_bytes_that_were_stored(string name)
    {
        using ZipReader zip = ZipReader.Open(ContentFiles.Path("methods.zip"));
        Assert.Equal(12, zip.Members.Count);
        Assert.True(zip.TryGet($"{name}/0", out ZipMember? stored));
        byte[] expected = stored.ReadAll(int.MaxValue);
        foreach (int method in (int[])[8, 12, 14])
        {
            Assert.True(zip.TryGet($"{name}/{method}", out ZipMember? member));
            Assert.Equal(expected, member.ReadAll(int.MaxValue));
            using Stream seekable = member.OpenSeekable();
            Assert.Equal(expected.Length, seekable.Length);
        }
    }

    [Fact]
    public void The_same_archive_in_every_shape_gives_the_same_members()
    {
        string folder = Fixtures.Path("containers", "keras-3.15.1");
        using ZipReader plain = ZipReader.Open(Path.Combine(folder, "mlp.keras"));
        foreach (string shape in (string[])["prefix", "zip64", "streamed", "streamed_stored", "comment", "directories", "lzma", "bzip2", "deflated", "reordered"])
        {
            using ZipReader zip = ZipReader.Open(Path.Combine(folder, $"mlp_zip_{shape}.keras"));
            foreach (ZipMember member in plain.Members)
            {
                Assert.True(zip.TryGet(member.Name, out ZipMember? other), $"{shape}: {member.Name}");
                Assert.Equal(member.ReadAll(int.MaxValue), other.ReadAll(int.MaxValue));
            }
        }
    }

    [Fact]
    public void A_large_stored_member_is_read_where_it_lies()
    {
        var random = new Random(1);
        var bytes = new byte[5 << 20];
        random.NextBytes(bytes);
        var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("big", CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }

        using ZipReader reader = ZipReader.Open(archive, "x.zip", leaveOpen: true);
        using Stream stream = reader.Members[0].OpenSeekable();
        Assert.IsNotType<MemoryStream>(stream);
        stream.Seek(-10, SeekOrigin.End);
        var tail = new byte[20];
        Assert.Equal(10, stream.ReadAtLeast(tail, 20, throwOnEndOfStream: false));
        Assert.Equal(bytes[^10..], tail[..10]);

        archive.GetBuffer()[1000] ^= 1;
        var error = Assert.Throws<ModelFormatException>(() => reader.Members[0].OpenSeekable());
        Assert.Contains("checksum", error.Message);
    }

    [Fact]
    public void Members_that_overlap_are_refused()
    {
        byte[] bytes = File.ReadAllBytes(ContentFiles.Path("methods.zip"));
        int directory = bytes.AsSpan().IndexOf("PK\x01\x02"u8);
        int second = directory + 4 + bytes.AsSpan(directory + 4).IndexOf("PK\x01\x02"u8);
        bytes.AsSpan(directory + 42, 4).CopyTo(bytes.AsSpan(second + 42)); // the second's header is the first's
        bytes.AsSpan(directory + 46, 6).CopyTo(bytes.AsSpan(second + 46));
        bytes[second + 46] = (byte)'R';
        var error = Assert.Throws<ModelFormatException>(() => ZipReader.Open(new MemoryStream(bytes), "x.zip"));
        Assert.Contains("where another or the directory begins", error.Message);
    }

    /// <summary>Five bytes as they should be, and after them what no deflated data have.</summary>
    [Fact]
    public void Damage_behind_the_last_byte_is_damage()
    {
        byte[] packed = [0x00, 5, 0, 0xFA, 0xFF, .. "hello"u8, 0x07];
        var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("x", CompressionLevel.NoCompression).Open();
            entry.Write(packed);
        }

        byte[] bytes = archive.ToArray();
        foreach ((string signature, int method, int length) in (ReadOnlySpan<(string, int, int)>)[("PK\x03\x04", 8, 22), ("PK\x01\x02", 10, 24)])
        {
            int header = bytes.AsSpan().IndexOf(System.Text.Encoding.Latin1.GetBytes(signature));
            bytes[header + method] = 8;
            bytes[header + length] = 5;
        }

        using ZipReader reader = ZipReader.Open(new MemoryStream(bytes), "x.zip");
        Assert.Contains("damaged compressed data", Assert.Throws<ModelFormatException>(() => reader.Members[0].ReadAll(100)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_on_inflation_holds_before_anything_is_unpacked()
    {
        using ZipReader zip = ZipReader.Open(ContentFiles.Path("methods.zip"), new ReadLimits { MaxInflationRatio = 2 });
        Assert.True(zip.TryGet("runs/8", out ZipMember? member));
        Assert.Throws<ResourceLimitException>(() => member.ReadAll(int.MaxValue));
        Assert.Throws<ResourceLimitException>(() => ZipReader.Open(ContentFiles.Path("methods.zip"), new ReadLimits { MaxObjects = 11 }));
    }

    [Fact]
    public void Damage_gives_our_exceptions_only()
    {
        Damage.Flip(File.ReadAllBytes(ContentFiles.Path("methods.zip")), rounds: 4000, bytes =>
        {
            using ZipReader zip = ZipReader.Open(new MemoryStream(bytes), "x.zip");
            foreach (ZipMember member in zip.Members)
            {
                using Stream stream = member.Open();
                stream.CopyTo(Stream.Null);
            }
        });
    }
}
