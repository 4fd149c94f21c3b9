using KerasCompat.Testing;

namespace KerasCompat.Fuzz;

/// <summary>Changes a message of protobuf field by field; the lengths around a change are mended, so that readers come to it.</summary>
internal static class ProtoMutation
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, Fixed32Type = 5;

    public static byte[] Of(byte[] message, Random random)
    {
        List<Field>? fields = Fields(message);
        if (fields is null or [])
        {
            return Mutation.Of(message, random);
        }

        int chosen = random.Next(fields.Count);
        Field field = fields[chosen];
        switch (random.Next(12))
        {
            case 0:
                fields.RemoveAt(chosen);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count), field);
                break;
            case 2:
                fields[chosen] = fields[random.Next(fields.Count)] with { Number = field.Number };
                break;
            case 3:
                fields[chosen] = field with { Number = random.Next(1, 20) };
                break;
            default:
                fields[chosen] = field with { Value = Changed(field, random) };
                break;
        }

        return [.. fields.SelectMany(Bytes)];
    }

    private static byte[] Changed(Field field, Random random) => field.Type switch
    {
        VarintType => TensorFlowBytes.Varint((ulong)Numbers.Extreme(sizeof(long), 1000, random)),
        Fixed32Type or Fixed64Type => [.. field.Value.Select(b => random.Next(2) == 0 ? b : (byte)random.Next(256))],
        _ when field.Value is [(byte)'{', ..] => JsonMutation.Of(field.Value, random),
        _ when random.Next(8) > 0 && Fields(field.Value) is { Count: > 0 } => Of(field.Value, random),
        _ => Mutation.Of(field.Value, random),
    };

    private static byte[] Bytes(Field field)
    {
        byte[] tag = TensorFlowBytes.Varint(((ulong)field.Number << 3) | (uint)field.Type);
        return field.Type == LengthType ? [.. tag, .. TensorFlowBytes.Varint((ulong)field.Value.Length), .. field.Value] : [.. tag, .. field.Value];
    }

    /// <summary>The fields of a message, or null where the bytes are none.</summary>
    private static List<Field>? Fields(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<Field>();
        for (int at = 0; at < bytes.Length;)
        {
            if (Varint(bytes, ref at) is not { } tag || tag >> 3 is 0 or > 1000)
            {
                return null;
            }

            int start = at;
            switch ((int)(tag & 7))
            {
                case VarintType when Varint(bytes, ref at) is not null:
                    break;
                case Fixed64Type when bytes.Length - at >= sizeof(ulong):
                    at += sizeof(ulong);
                    break;
                case Fixed32Type when bytes.Length - at >= sizeof(uint):
                    at += sizeof(uint);
                    break;
                case LengthType when Varint(bytes, ref at) is { } length && length <= (ulong)(bytes.Length - at):
                    start = at;
                    at += (int)length;
                    break;
                default:
                    return null;
            }

            fields.Add(new Field((int)(tag >> 3), (int)(tag & 7), bytes[start..at].ToArray()));
        }

        return fields;
    }

    private static ulong? Varint(ReadOnlySpan<byte> bytes, ref int at)
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

        return null;
    }

    private sealed record Field(int Number, int Type, byte[] Value);
}
