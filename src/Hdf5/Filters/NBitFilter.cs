namespace KerasCompat.Hdf5;

/// <summary>
/// Filter 5: only the bits of each number that count, one after the other. The parameters describe the type:
/// their number, whether nothing was done, elements of a chunk, then the type, recursively.
/// </summary>
internal static class NBitFilter
{
    private const int Atomic = 1, ArrayKind = 2, CompoundKind = 3, Plain = 4;
    private const int TypeAt = 3;

    public static ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> stored, IReadOnlyList<uint> parameters, int size, Place place)
    {
        if (parameters.Count < TypeAt || parameters[0] != parameters.Count)
        {
            throw place.Damaged("an nbit filter without its parameters");
        }

        if (parameters[1] != 0)
        {
            return stored.ToArray();
        }

        var at = TypeAt;
        var type = Parse(parameters, ref at, (int)Next(parameters, ref at, place), null, 0, place);
        var count = parameters[2];
        if ((long)count * type.Size != size)
        {
            throw place.Damaged($"an nbit filter over {count} elements of {type.Size} bytes", $"{size} bytes");
        }

        var output = new byte[size];
        var bits = new BitReader(stored, place);
        for (var i = 0; i < count; i++)
        {
            Unpack(type, ref bits, output.AsSpan(i * type.Size, type.Size));
        }

        return output;
    }

    private static uint Next(IReadOnlyList<uint> parameters, ref int at, Place place) =>
        at < parameters.Count ? parameters[at++] : throw place.Damaged("an nbit filter without all of its parameters");

    // A plain member inside a compound says its size; inside an array it has the array's.
    private static Packed Parse(IReadOnlyList<uint> parameters, ref int at, int kind, int? mustFit, int depth, Place place)
    {
        if (depth > place.File.Limits.MaxDepth)
        {
            throw place.TooLarge("an nbit type nested deeper", nameof(ReadLimits.MaxDepth), place.File.Limits.MaxDepth);
        }

        var size = Next(parameters, ref at, place);
        if (size == 0 || size > (mustFit ?? int.MaxValue))
        {
            throw place.Damaged($"an nbit type of {size} bytes", $"1 to {mustFit ?? int.MaxValue}");
        }

        switch (kind)
        {
            case Atomic:
                var order = Next(parameters, ref at, place);
                var (precision, offset) = (Next(parameters, ref at, place), Next(parameters, ref at, place));
                if (order > 1 || precision == 0 || precision > 8L * size || offset > (8L * size) - precision)
                {
                    throw place.Damaged($"an nbit number of {size} bytes, order {order}, of which {precision} bits from bit {offset} count");
                }

                return new Packed(kind, (int)size) { BigEndian = order == 1, Precision = (int)precision, Offset = (int)offset };
            case ArrayKind:
                var itemKind = (int)Next(parameters, ref at, place);
                var item = Parse(parameters, ref at, itemKind, (int)size, depth + 1, place);
                return new Packed(kind, (int)size) { Items = [(0, item)] };
            case CompoundKind:
                var items = new List<(int, Packed)>();
                for (var left = Next(parameters, ref at, place); left > 0; left--)
                {
                    var start = Next(parameters, ref at, place);
                    var memberKind = (int)Next(parameters, ref at, place);
                    if (start >= size)
                    {
                        throw place.Damaged($"an nbit member at {start}", $"a place inside {size} bytes");
                    }

                    items.Add(((int)start, Parse(parameters, ref at, memberKind, (int)(size - start), depth + 1, place)));
                }

                return new Packed(kind, (int)size) { Items = items };
            case Plain:
                return new Packed(kind, (int)size);
            default:
                throw place.Damaged($"nbit type {kind}", "1 to 4");
        }
    }

    private static void Unpack(Packed type, ref BitReader bits, Span<byte> output)
    {
        switch (type.Kind)
        {
            case Atomic:
                UnpackNumber(type, ref bits, output);
                break;
            case ArrayKind:
                var item = type.Items[0].Type;
                for (var i = 0; i + item.Size <= type.Size; i += item.Size)
                {
                    Unpack(item, ref bits, output.Slice(i, item.Size));
                }

                break;
            case CompoundKind:
                foreach (var (start, member) in type.Items)
                {
                    Unpack(member, ref bits, output.Slice(start, member.Size));
                }

                break;
            default:
                foreach (ref var b in output)
                {
                    b = (byte)bits.Read(8);
                }

                break;
        }
    }

    // The bits that count come highest first; they go back to bits Offset to Offset + Precision − 1.
    private static void UnpackNumber(Packed type, ref BitReader bits, Span<byte> output)
    {
        for (var top = type.Offset + type.Precision; top > type.Offset;)
        {
            var index = (top - 1) / 8;
            var bottom = Math.Max(index * 8, type.Offset);
            var part = bits.Read(top - bottom) << (bottom - (index * 8));
            output[type.BigEndian ? type.Size - 1 - index : index] = (byte)part;
            top = bottom;
        }
    }

    private sealed record Packed(int Kind, int Size)
    {
        public bool BigEndian { get; init; }

        public int Precision { get; init; }

        public int Offset { get; init; }

        public List<(int Start, Packed Type)> Items { get; init; } = [];
    }
}
