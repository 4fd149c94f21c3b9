using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>Filter 3: Fletcher's checksum of big-endian 16-bit words, behind the data.</summary>
internal static class Fletcher32Filter
{
    public const int ChecksumSize = 4;

    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, Place place)
    {
        if (stored.Length < ChecksumSize)
        {
            throw place.Damaged($"a chunk of {stored.Length} bytes, too short for its checksum");
        }

        var data = stored[..^ChecksumSize];
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(stored.Span[^ChecksumSize..]);
        var sum = Checksum(data.Span);

        // Before HDF5 1.6.3 little-endian machines swapped the bytes of each half.
        var swapped = ((sum & 0x00FF00FF) << 8) | ((sum >> 8) & 0x00FF00FF);
        return sum == expected || swapped == expected ? data : throw place.Damaged("a wrong fletcher32 checksum of a chunk");
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        const int mostWords = 360; // before the sums could overflow
        uint sum1 = 0, sum2 = 0;
        for (var words = data.Length / 2; words > 0;)
        {
            var block = Math.Min(words, mostWords);
            words -= block;
            for (; block > 0; block--, data = data[2..])
            {
                sum1 += BinaryPrimitives.ReadUInt16BigEndian(data);
                sum2 += sum1;
            }

            sum1 = Fold(sum1);
            sum2 = Fold(sum2);
        }

        if (data.Length == 1)
        {
            sum1 += (uint)data[0] << 8;
            sum2 += sum1;
            sum1 = Fold(sum1);
            sum2 = Fold(sum2);
        }

        return (Fold(sum2) << 16) | Fold(sum1);
    }

    private static uint Fold(uint sum) => (sum & 0xFFFF) + (sum >> 16);
}
