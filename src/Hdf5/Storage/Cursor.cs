using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>Reads the little-endian fields of one structure in turn; running off its end is an error of the file.</summary>
internal ref struct Cursor(ReadOnlySpan<byte> bytes, Place place, string structure)
{
    /// <summary>An address or length of all ones: there is none.</summary>
    public const long Undefined = -1;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => bytes.Length - Position;

    public readonly Place Place => place;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Remaining)
        {
            throw place.Damaged($"{Text.WithArticle(structure)} that ends before its fields do", $"{count} more bytes at byte {Position}");
        }

        var taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public void Skip(long count) => Take(count);

    public byte U8() => Take(1)[0];

    public int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An unsigned integer of 1 to 8 bytes; what no 63 bits hold becomes <see cref="long.MaxValue"/>, which no check passes.</summary>
    public long Unsigned(int width)
    {
        ulong value = 0;
        var field = Take(width);
        for (var i = width - 1; i >= 0; i--)
        {
            value = (value << 8) | field[i];
        }

        return value > long.MaxValue ? long.MaxValue : (long)value;
    }

    /// <summary>An address, relative to the base address, or <see cref="Undefined"/>.</summary>
    public long Address() => OrUndefined(place.File.OffsetSize);

    /// <summary>A length, or <see cref="Undefined"/>.</summary>
    public long Length() => OrUndefined(place.File.LengthSize);

    /// <summary>The version byte of a structure.</summary>
    public byte Version(int lowest, int highest)
    {
        var version = U8();
        if (version < lowest || version > highest)
        {
            throw place.Damaged(
                $"version {version} of {Text.WithArticle(structure)}",
                lowest == highest ? $"version {lowest}" : $"version {lowest} to {highest}");
        }

        return version;
    }

    /// <summary>The bytes up to the next NUL, which is passed over.</summary>
    public ReadOnlySpan<byte> NulTerminated()
    {
        var end = bytes[Position..].IndexOf((byte)0);
        if (end < 0)
        {
            throw place.Damaged($"a text without its end in {Text.WithArticle(structure)}");
        }

        var text = Take(end);
        Position++;
        return text;
    }

    /// <summary>Passes over padding to a multiple of 8 bytes, counted from <paramref name="start"/>.</summary>
    public void Align8(int start) => Skip(-(Position - start) & 7);

    private long OrUndefined(int width)
    {
        var field = Take(width);
        if (!field.ContainsAnyExcept((byte)0xFF))
        {
            return Undefined;
        }

        Position -= width;
        return Unsigned(width);
    }
}
