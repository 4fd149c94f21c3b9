using System.Buffers.Binary;
using System.IO.Compression;

namespace KerasCompat.Zip;

/// <summary>A file in a zip archive.</summary>
public sealed class ZipMember
{
    private const int LocalHeaderSize = 30;

    /// <summary>Stored members up to this size are read whole, larger ones where they lie.</summary>
    private const int ReadWhole = 4 << 20;

    private readonly ZipReader _zip;

    internal ZipMember(ZipReader zip, string name)
    {
        _zip = zip;
        Name = name;
    }

    /// <summary>Its path in the archive, with slashes.</summary>
    public string Name { get; }

    /// <summary>Its bytes when unpacked, as the directory says; reading checks it.</summary>
    public long Length { get; internal init; }

    /// <summary>Its bytes in the archive.</summary>
    public long StoredLength { get; internal init; }

    /// <summary>Archive and path, for messages.</summary>
    public string Place => $"{_zip.Name}:{Name}";

    internal int Method { get; init; }

    internal uint Checksum { get; init; }

    internal long HeaderOffset { get; init; }

    internal byte[] NameBytes { get; init; } = [];

    internal long DataLimit { get; set; }

    /// <summary>Reads from the first byte to the last, unpacking; length and checksum are checked at the end.</summary>
    /// <exception cref="ModelFormatException">The member is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is compressed in a way that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It unpacks to far more bytes than it has.</exception>
    public Stream Open()
    {
        long start = DataOffset();
        if (Length / Math.Max(1, _zip.Limits.MaxInflationRatio) > StoredLength)
        {
            throw new ResourceLimitException(Place, $"{StoredLength} bytes that unpack to {Length}",
                $"at most {_zip.Limits.MaxInflationRatio} times as many", "raise ReadLimits.MaxInflationRatio if the file is trusted");
        }

        if (Method == ZipMethods.Stored && StoredLength != Length)
        {
            throw ZipEnd.Damaged(Place, $"{StoredLength} stored bytes for a file of {Length}");
        }

        var packed = new SliceStream(_zip.Source, start, StoredLength);
        Stream unpacked = Method switch
        {
            ZipMethods.Stored => packed,
            ZipMethods.Deflated => new DeflateStream(packed, CompressionMode.Decompress),
            ZipMethods.BZip2 => new MemoryStream(BZip2.Decode(Packed(packed), Whole(), Place)),
            ZipMethods.Lzma => new MemoryStream(Lzma.Decode(Packed(packed), Whole(), Place)),
            _ => throw new UnsupportedModelException(Place, $"zip compression method {Method}{ZipMethods.Describe(Method)}",
                "stored, deflated, bzip2 or LZMA", "unpack the archive and zip it again without compression, as Keras does"),
        };
        return new CheckedStream(unpacked, Place, Length, Checksum, _zip.Limits.CancellationToken);
    }

    /// <summary>The member's bytes.</summary>
    /// <param name="most">The largest length that is read.</param>
    /// <exception cref="ModelFormatException">The member is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is compressed in a way that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It is longer, or unpacks to far more bytes than it has.</exception>
    public byte[] ReadAll(long most)
    {
        if (Length > most)
        {
            throw new ResourceLimitException(Place, $"{Length} bytes", $"at most {most}", "raise ReadLimits if the file is trusted");
        }

        var bytes = new byte[Whole()];
        using Stream stream = Open();
        stream.ReadExactly(bytes); // the end of the stream within is reported by the stream itself
        _ = stream.ReadByte();
        return bytes;
    }

    /// <summary>The member as a seekable stream whose checksum has been verified; a large stored member is read where it lies.</summary>
    /// <exception cref="ModelFormatException">The member is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is compressed in a way that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It unpacks to far more bytes than it has, or to more than fit memory.</exception>
    public Stream OpenSeekable()
    {
        if (Method != ZipMethods.Stored || Length <= ReadWhole)
        {
            return new MemoryStream(ReadAll(_zip.Limits.MaxTotalBytes), writable: false);
        }

        using (Stream check = Open())
        {
            check.CopyTo(Stream.Null, 1 << 20);
        }

        return new SliceStream(_zip.Source, DataOffset(), Length);
    }

    private static byte[] Packed(SliceStream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private int Whole() => Length <= Array.MaxLength
        ? (int)Length
        : throw new ResourceLimitException(Place, $"a compressed member of {Length} bytes", $"at most {Array.MaxLength}",
            "zip it without compression, as Keras does: then it is read where it lies");

    /// <summary>The local header repeats the name and says where the data begins; its lengths may be absent (streamed archives).</summary>
    private long DataOffset()
    {
        Span<byte> header = stackalloc byte[LocalHeaderSize];
        if (!_zip.Source.TryFill(HeaderOffset, header) || !header.StartsWith("PK\x03\x04"u8))
        {
            throw ZipEnd.Damaged(Place, "no header where the member should begin");
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var name = new byte[nameLength];
        if (!_zip.Source.TryFill(HeaderOffset + LocalHeaderSize, name) || !name.AsSpan().SequenceEqual(NameBytes))
        {
            throw ZipEnd.Damaged(Place, "another name in the member's header than in the directory");
        }

        long start = HeaderOffset + LocalHeaderSize + nameLength + extraLength;
        if (StoredLength > DataLimit - start)
        {
            throw ZipEnd.Damaged(Place, $"{StoredLength} bytes at {start}, which reach into the next member or the directory");
        }

        return start;
    }
}
