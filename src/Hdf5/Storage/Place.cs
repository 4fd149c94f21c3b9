namespace KerasCompat.Hdf5;

/// <summary>Where in a file something is read: what checks ranges against the file and names the place of an error.</summary>
internal sealed class Place(OpenFile file, string path)
{
    public OpenFile File => file;

    public string Path => path;

    public Place At(string otherPath) => new(file, otherPath);

    public override string ToString() => $"{file.Name}:{path}";

    public ModelFormatException Damaged(string found, string? expected = null, string? remedy = null, Exception? inner = null) =>
        new(ToString(), found, expected, remedy ?? "the file is damaged or was not written completely", inner);

    public UnsupportedModelException Unsupported(string found, string? expected = null, string? remedy = null) =>
        new(ToString(), found, expected, remedy);

    public ResourceLimitException TooLarge(string found, string limit, long value) =>
        new(ToString(), found, $"at most {value} ({nameof(ReadLimits)}.{limit})", "raise the limit if you trust the file");

    /// <summary>A piece of metadata: inside the file, and no larger than metadata may be.</summary>
    public ReadOnlyMemory<byte> Metadata(long address, long length, string structure)
    {
        CheckRange(address, length, structure);
        if (length > file.Limits.MaxMetadataBytes || length > int.MaxValue)
        {
            throw TooLarge($"{structure} of {length} bytes", nameof(ReadLimits.MaxMetadataBytes), file.Limits.MaxMetadataBytes);
        }

        return file.Bytes.View(file.Base + address, (int)length);
    }

    /// <summary>A structure of version 2 or later with its signature and checksum verified; the checksum is not part of the result.</summary>
    public ReadOnlyMemory<byte> Sealed(long address, long length, ReadOnlySpan<byte> signature, string structure)
    {
        var bytes = Metadata(address, length, structure);
        CheckSignature(bytes.Span, signature, structure);
        if (length < signature.Length + Lookup3.Size)
        {
            throw Damaged($"{Text.WithArticle(structure)} of {length} bytes", "room for its signature and checksum");
        }

        return Unseal(bytes, structure);
    }

    /// <summary>Verifies the checksum that ends a structure and takes it off.</summary>
    public ReadOnlyMemory<byte> Unseal(ReadOnlyMemory<byte> bytes, string structure)
    {
        if (!Lookup3.Verifies(bytes.Span))
        {
            throw Damaged($"a wrong checksum of the {structure}");
        }

        return bytes[..^Lookup3.Size];
    }

    public void CheckSignature(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature, string structure)
    {
        if (!bytes.StartsWith(signature))
        {
            throw Damaged($"no {structure} where one should be", $"the signature {System.Text.Encoding.ASCII.GetString(signature)}");
        }
    }

    /// <summary>Throws unless <paramref name="length"/> bytes at <paramref name="address"/> lie inside the file.</summary>
    public void CheckRange(long address, long length, string structure)
    {
        if (address == Cursor.Undefined)
        {
            throw Damaged($"no address of the {structure}");
        }

        if (address < 0 || length < 0 || address > file.End || length > file.End - address)
        {
            throw Damaged($"{Text.WithArticle(structure)} at {address} of {length} bytes", $"a place inside the file's {file.End} bytes");
        }
    }
}
