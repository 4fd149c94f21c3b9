using System.Buffers.Binary;

namespace KerasCompat.Zip;

/// <summary>The records at the end of an archive that say where its directory lies (APPNOTE 4.3.14 to 4.3.16).</summary>
/// <param name="DirectoryOffset">Where the directory begins in the file, whatever stands before the archive.</param>
/// <param name="DirectoryLength">Its bytes.</param>
/// <param name="Count">Its entries.</param>
/// <param name="Shift">Bytes before the archive: what its own offsets do not count.</param>
internal readonly record struct ZipEnd(long DirectoryOffset, long DirectoryLength, long Count, long Shift)
{
    private const int Size = 22;
    private const int Zip64Size = 56;
    private const int LocatorSize = 20;

    /// <summary>The position of the end record, or −1. As in Python, the last signature in the file counts.</summary>
    public static long Find(ByteSource source)
    {
        int length = (int)Math.Min(source.Length, Size + ushort.MaxValue);
        var tail = new byte[length];
        if (!source.TryFill(source.Length - length, tail))
        {
            return -1;
        }

        int at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        return at >= 0 && at + Size <= length ? source.Length - length + at : -1;
    }

    public static ZipEnd Read(ByteSource source, string place)
    {
        long at = Find(source);
        if (at < 0)
        {
            throw new ModelFormatException(place, "a zip archive without its end", "a directory at the end of the file",
                "the file is cut short: copy or download it again");
        }

        Span<byte> record = stackalloc byte[Size];
        source.TryFill(at, record);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        bool split = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]) is not (0 or ushort.MaxValue);
        if (split)
        {
            throw new UnsupportedModelException(place, "a part of a split zip archive", "an archive in one file", "join the parts first");
        }

        // zip64: a locator stands before the end record, and before it the record that it locates.
        Span<byte> locator = stackalloc byte[LocatorSize];
        Span<byte> large = stackalloc byte[Zip64Size];
        if (at >= LocatorSize + Zip64Size && source.TryFill(at - LocatorSize, locator) && locator.StartsWith("PK\x06\x07"u8))
        {
            long position = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
            if (!IsZip64(source, position, large))
            {
                position = at - LocatorSize - Zip64Size; // a prefixed archive: the locator does not count what stands before
                if (!IsZip64(source, position, large))
                {
                    throw Damaged(place, "a zip64 locator that points nowhere");
                }
            }

            at = position;
            count = BinaryPrimitives.ReadInt64LittleEndian(large[32..]);
            length = BinaryPrimitives.ReadInt64LittleEndian(large[40..]);
            offset = BinaryPrimitives.ReadInt64LittleEndian(large[48..]);
        }

        long start = at - length;
        long shift = start - offset;
        if (length < 0 || offset < 0 || count < 0 || start < 0 || shift < 0)
        {
            throw new ModelFormatException(place, $"a zip directory of {length} bytes at {offset}, beyond the end of the file",
                $"one that ends at byte {at}", "the file is damaged or cut short: copy or download it again");
        }

        return new ZipEnd(start, length, count, shift);
    }

    public static ModelFormatException Damaged(string place, string found) =>
        new(place, found, "a whole zip archive", "the file is damaged: copy or download it again");

    private static bool IsZip64(ByteSource source, long position, Span<byte> record) =>
        position >= 0 && source.TryFill(position, record) && record.StartsWith("PK\x06\x06"u8);
}
