using System.Buffers.Binary;
using System.IO.Compression;
using KerasCompat.Zip;

namespace KerasCompat.Fuzz;

/// <summary>Changes what a zip archive holds and writes it with right lengths and checksums, or mends the checksums of a changed one.</summary>
internal static class ZipMutation
{
    private static readonly string[] Names = ["../../../tmp/x", "/etc/passwd", "C:\\x", "config.json", "metadata.json", "model.weights.h5", "assets/../../x", "\0", "a/b/../../c", "arr_0.npy", "CONFIG.JSON"];

    /// <summary>Places in an entry of the directory, and in the header before a member.</summary>
    private const int EntryLength = 46, MethodAt = 10, ChecksumAt = 16, SizeAt = 20, OffsetAt = 42, HeaderLength = 30, HeaderChecksumAt = 14, NameLengthAt = 26, ExtraLengthAt = 28;

    public static byte[] Of(byte[] original, Random random, Func<string, byte[], Random, byte[]> member)
    {
        List<(string Name, byte[] Bytes)> members = Members(original);
        if (members.Count == 0)
        {
            return Mutation.Of(original, random);
        }

        int chosen = random.Next(members.Count);
        switch (random.Next(16))
        {
            case 0:
                members[chosen] = (Names[random.Next(Names.Length)], members[chosen].Bytes);
                break;
            case 1:
                members.Add((members[chosen].Name, member(members[chosen].Name, members[chosen].Bytes, random)));
                break;
            case 2:
                members.RemoveAt(chosen);
                break;
            case 3:
                members[chosen] = (members[chosen].Name, members[random.Next(members.Count)].Bytes);
                break;
            default:
                members[chosen] = (members[chosen].Name, member(members[chosen].Name, members[chosen].Bytes, random));
                break;
        }

        return Written(members, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
    }

    public static byte[] Written(IEnumerable<(string Name, byte[] Bytes)> members, CompressionLevel level)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in members)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    public static List<(string Name, byte[] Bytes)> Members(byte[] archive)
    {
        var members = new List<(string, byte[])>();
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                members.Add((entry.FullName, bytes.ToArray()));
            }
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            return []; // a method that the framework cannot unpack
        }

        return members;
    }

    /// <summary>Writes the checksums of members anew, so that a reader takes what was changed in them.</summary>
    public static void Mend(byte[] bytes, IReadOnlyList<Stored> members)
    {
        foreach (Stored member in members)
        {
            uint crc = Crc32.Append(0, bytes.AsSpan(member.Start, member.Length));
            foreach (int place in member.Checksums)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(place), crc);
            }
        }
    }

    /// <summary>The members of a good archive that are not deflated, by its directory.</summary>
    public static IReadOnlyList<Stored> StoredMembers(byte[] archive)
    {
        var found = new List<Stored>();
        ReadOnlySpan<byte> bytes = archive;
        for (int at = 0, next; (next = bytes[at..].IndexOf("PK\x01\x02"u8)) >= 0; at++)
        {
            at += next;
            if (at + EntryLength > bytes.Length || BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + MethodAt)..]) != 0)
            {
                continue;
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + SizeAt)..]), header = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + OffsetAt)..]);
            if (header < 0 || header + HeaderLength > bytes.Length)
            {
                continue;
            }

            int start = header + HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[(header + NameLengthAt)..]) + BinaryPrimitives.ReadUInt16LittleEndian(bytes[(header + ExtraLengthAt)..]);
            if (length <= 0 || start + length > bytes.Length)
            {
                continue;
            }

            uint crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + ChecksumAt)..]);
            int[] places = [at + ChecksumAt, header + HeaderChecksumAt, start + length, start + length + sizeof(uint)];
            found.Add(new Stored(start, length, [.. places.Where(p => p + sizeof(uint) <= archive.Length && BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(p)) == crc)]));
        }

        return found;
    }

    /// <summary>A member whose bytes lie in the archive as they are.</summary>
    /// <param name="Start">Where they lie.</param>
    /// <param name="Length">How many there are.</param>
    /// <param name="Checksums">Where their checksum lies: in the directory, and in the header before them or in the descriptor behind them.</param>
    internal sealed record Stored(int Start, int Length, IReadOnlyList<int> Checksums);
}
