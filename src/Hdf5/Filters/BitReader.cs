namespace KerasCompat.Hdf5;

/// <summary>Reads bits from the most significant of each byte on, as nbit and scale-offset pack them.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, Place place)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private long position;

    public ulong Read(int count)
    {
        if (count > (8L * bytes.Length) - position)
        {
            throw place.Damaged("packed values that end before all elements are there");
        }

        ulong value = 0;
        while (count > 0)
        {
            var free = 8 - (int)(position & 7);
            var taken = Math.Min(free, count);
            var part = (bytes[(int)(position >> 3)] >> (free - taken)) & ((1 << taken) - 1);
            value = (value << taken) | (uint)part;
            position += taken;
            count -= taken;
        }

        return value;
    }
}
