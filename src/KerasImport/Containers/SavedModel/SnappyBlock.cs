using System.Buffers.Binary;

namespace KerasCompat.Containers;

/// <summary>Unpacks a block that Snappy packed: the length, then pieces to take as they are and pieces to copy from what was unpacked.</summary>
/// <remarks>github.com/google/snappy, <c>format_description.txt</c>.</remarks>
internal static class SnappyBlock
{
    /// <summary>A piece of at least two bytes copies at most 64.</summary>
    private const int MostPerByte = 32;

    /// <exception cref="ModelFormatException">The block is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, string place)
    {
        int at = 0;
        ulong length = Varint.Read(packed, ref at, place);
        if (length > (ulong)packed.Length * MostPerByte)
        {
            throw Damaged(place, $"{packed.Length} bytes said to unpack to {length}");
        }

        var bytes = new byte[length];
        int done = 0;
        while (at < packed.Length)
        {
            byte tag = packed[at++];
            int count, back = 0;
            switch (tag & 3)
            {
                case 0:
                    count = tag >> 2;
                    int more = Math.Max(0, count - 59);
                    count = more == 0 ? count + 1 : checked((int)Math.Min(Little(packed, ref at, more, place), int.MaxValue - 1)) + 1;
                    break;
                case 1:
                    count = 4 + ((tag >> 2) & 7);
                    back = ((tag >> 5) << 8) | (int)Little(packed, ref at, 1, place);
                    break;
                default:
                    count = (tag >> 2) + 1;
                    back = (int)Math.Min(Little(packed, ref at, (tag & 3) == 2 ? 2 : 4, place), int.MaxValue);
                    break;
            }

            if (count > bytes.Length - done)
            {
                throw Damaged(place, $"more than the {bytes.Length} bytes it is said to unpack to");
            }

            if ((tag & 3) == 0)
            {
                if (count > packed.Length - at)
                {
                    throw Damaged(place, "the end of the block within a piece");
                }

                packed.Slice(at, count).CopyTo(bytes.AsSpan(done));
                at += count;
            }
            else
            {
                if (back == 0 || back > done)
                {
                    throw Damaged(place, $"a copy from {back} bytes before byte {done}");
                }

                // Source and target may overlap: then what was just written is copied again.
                for (int i = 0; i < count; i++)
                {
                    bytes[done + i] = bytes[done + i - back];
                }
            }

            done += count;
        }

        return done == bytes.Length ? bytes : throw Damaged(place, $"{done} bytes where it is said to unpack to {bytes.Length}");
    }

    private static uint Little(ReadOnlySpan<byte> packed, ref int at, int count, string place)
    {
        if (count > packed.Length - at)
        {
            throw Damaged(place, "the end of the block within a length");
        }

        Span<byte> whole = stackalloc byte[sizeof(uint)];
        whole.Clear();
        packed.Slice(at, count).CopyTo(whole);
        at += count;
        return BinaryPrimitives.ReadUInt32LittleEndian(whole);
    }

    private static ModelFormatException Damaged(string place, string found) => new(place, found, "a block packed by Snappy", "copy or download the file again");
}
