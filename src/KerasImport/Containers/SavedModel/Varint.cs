namespace KerasCompat.Containers;

/// <summary>Integers of seven bits a byte, the lowest first; the top bit says that more follow.</summary>
internal static class Varint
{
    /// <exception cref="ModelFormatException">The bytes end within the number, or it has more than 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at, string place)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new ModelFormatException(place, "a number that does not end", "at most ten bytes", "copy or download the file again");
    }
}
