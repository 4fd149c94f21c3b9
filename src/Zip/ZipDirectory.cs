using System.Buffers.Binary;
using System.Text;

namespace KerasCompat.Zip;

/// <summary>The central directory: one header for each member (APPNOTE 4.3.12).</summary>
internal static class ZipDirectory
{
    private const int HeaderSize = 46;
    private const int UnixHost = 3;
    private const int SymbolicLink = 0xA000;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    public static IReadOnlyList<ZipMember> Read(ZipReader zip)
    {
        ZipEnd end = ZipEnd.Read(zip.Source, zip.Name);
        if (end.Count > zip.Limits.MaxObjects)
        {
            throw new ResourceLimitException(zip.Name, $"{end.Count} members", $"at most {zip.Limits.MaxObjects}");
        }

        if (end.DirectoryLength > zip.Limits.MaxMetadataBytes)
        {
            throw new ResourceLimitException(zip.Name, $"a zip directory of {end.DirectoryLength} bytes", $"at most {zip.Limits.MaxMetadataBytes}");
        }

        var bytes = new byte[end.DirectoryLength];
        if (!zip.Source.TryFill(end.DirectoryOffset, bytes))
        {
            throw ZipEnd.Damaged(zip.Name, "a zip directory that is cut short");
        }

        var members = new List<ZipMember>();
        int entries = 0;
        for (int at = 0; at < bytes.Length; entries++)
        {
            at += Header(zip, bytes.AsSpan(at), end.Shift, members);
        }

        if (entries != end.Count)
        {
            throw ZipEnd.Damaged(zip.Name, $"{entries} entries in a directory of {end.Count}");
        }

        SetEnds(members, end.DirectoryOffset);
        return members;
    }

    private static int Header(ZipReader zip, ReadOnlySpan<byte> bytes, long shift, List<ZipMember> members)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith("PK\x01\x02"u8))
        {
            throw ZipEnd.Damaged(zip.Name, $"no entry where entry {members.Count} of the zip directory should begin");
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
        int size = HeaderSize + nameLength + extraLength + commentLength;
        if (size > bytes.Length)
        {
            throw ZipEnd.Damaged(zip.Name, $"entry {members.Count} of the zip directory cut short");
        }

        ReadOnlySpan<byte> nameBytes = bytes.Slice(HeaderSize, nameLength);
        string name = MemberName(zip, nameBytes);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        uint attributes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[38..]);
        string place = $"{zip.Name}:{name}";
        if (bytes[5] == UnixHost && ((attributes >> 16) & 0xF000) == SymbolicLink)
        {
            throw new ModelFormatException(place, "a symbolic link", "a file", "write the archive again with the file itself");
        }

        if ((flags & 0x2041) != 0)
        {
            throw new UnsupportedModelException(place, "an encrypted zip member", "one without password", "unpack it with its password and zip it again");
        }

        long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        long stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[42..]);
        Zip64(bytes.Slice(HeaderSize + nameLength, extraLength), ref length, ref stored, ref offset);
        if (length < 0 || stored < 0 || offset < 0 || offset + shift < 0)
        {
            throw ZipEnd.Damaged(place, "a negative length or offset");
        }

        if (name.EndsWith('/'))
        {
            return size;
        }

        members.Add(new ZipMember(zip, name)
        {
            Method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            Checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            Length = length,
            StoredLength = stored,
            HeaderOffset = offset + shift,
            NameBytes = nameBytes.ToArray(),
        });
        return size;
    }

    /// <summary>Names are UTF-8 where they can be (with or without the flag that says so), else Latin-1.</summary>
    private static string MemberName(ZipReader zip, ReadOnlySpan<byte> bytes)
    {
        string name;
        try
        {
            name = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            name = Encoding.Latin1.GetString(bytes);
        }

        name = name.Replace('\\', '/');
        bool leadsOut = name.StartsWith('/') || name.Contains(':') || name.Contains('\0')
            || name.Split('/').Any(part => part is ".." or ".");
        if (leadsOut || name.Length == 0)
        {
            throw new ModelFormatException(zip.Name, $"a zip member named '{name.Replace('\0', '?')}', which leads out of the archive", "a relative path",
                "the archive is hostile or was written by a broken tool");
        }

        return name;
    }

    /// <summary>The zip64 extra field holds, in this order, those of the three numbers that do not fit 32 bits.</summary>
    private static void Zip64(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long offset)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, size);
            if (id == 1)
            {
                Take(ref field, ref length);
                Take(ref field, ref stored);
                Take(ref field, ref offset);
                return;
            }

            extra = extra[(4 + size)..];
        }

        static void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value == uint.MaxValue && field.Length >= 8)
            {
                value = BinaryPrimitives.ReadInt64LittleEndian(field);
                field = field[8..];
            }
        }
    }

    /// <summary>No member may reach into the next: overlapping members are how small archives unpack to petabytes.</summary>
    private static void SetEnds(List<ZipMember> members, long directory)
    {
        long end = directory;
        foreach (ZipMember member in members.OrderByDescending(member => member.HeaderOffset))
        {
            if (member.HeaderOffset >= end)
            {
                throw ZipEnd.Damaged(member.Place, $"a member at {member.HeaderOffset}, where another or the directory begins");
            }

            member.DataLimit = end;
            end = member.HeaderOffset;
        }
    }
}
