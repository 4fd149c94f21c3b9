using System.Buffers.Binary;
using System.Text;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>A weight in the manifest of a TensorFlow.js model: <c>{"name", "shape", "dtype", "quantization"}</c>.</summary>
/// <param name="Place">Where it stands in the manifest, for messages.</param>
/// <param name="Name">Its name, without <c>:0</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">The type it has in the model.</param>
/// <param name="StoredType">The type it is stored as: another one where it is quantized.</param>
/// <param name="Scale">Value = stored · scale + minimum, in float32.</param>
/// <param name="Minimum">See <paramref name="Scale"/>.</param>
internal sealed record TensorFlowJsWeight(string Place, string Name, Shape Shape, DType DType, DType StoredType, float Scale, float Minimum)
{
    public static TensorFlowJsWeight Parse(JToken token, string place, ReadLimits limits)
    {
        JObject entry = JsonText.AsObject(token, place);
        string name = Text(entry, "name", place);
        place = $"{place} \"{name}\"";
        DType dtype = Type(Text(entry, "dtype", place), place);
        DType stored = dtype;
        float scale = 1, minimum = 0;
        if (entry["quantization"] is JObject quantization)
        {
            stored = Type(Text(quantization, "dtype", place), place);
            if (stored is not (DType.UInt8 or DType.UInt16 or DType.Float16) || dtype is not (DType.Float32 or DType.Int32))
            {
                throw new ModelFormatException(place, $"{dtype.Name()} quantized to {stored.Name()}", "float32 or int32 quantized to uint8, uint16 or float16");
            }

            if (stored != DType.Float16)
            {
                scale = Number(quantization, "scale", place);
                minimum = Number(quantization, "min", place);
            }
        }

        return new TensorFlowJsWeight(place, name, ReadShape(entry, dtype, place, limits), dtype, stored, scale, minimum);
    }

    /// <summary>The array at an offset of the shards, which is moved behind it.</summary>
    public StoredArray At(ShardBytes shards, ref long offset)
    {
        long start = offset;
        long bytes = DType == DType.String ? TextBytes(shards, start) : (long)Shape.ElementCount * StoredType.Size();
        if (bytes > shards.Length - start)
        {
            throw new ModelFormatException(Place, $"{Math.Max(0, shards.Length - start)} bytes left in the shards", $"{bytes}", "a shard is cut short or belongs to another model");
        }

        offset += bytes;
        return new StoredArray(Name, Name, DType, Shape, () => Read(shards, start, (int)bytes));
    }

    private Tensor Read(ShardBytes shards, long start, int count)
    {
        if (DType == DType.String)
        {
            return Texts(shards, start, count);
        }

        Tensor stored = Tensor.Zeros(StoredType, Shape);
        shards.Read(start, stored.Bytes);
        if (StoredType == DType)
        {
            return stored is Tensor<bool> ? new Tensor<bool>(Array.ConvertAll(stored.Bytes.ToArray(), b => b != 0), Shape) : stored;
        }

        Tensor<float> values = stored.Cast(DType.Float32).As<float>();
        if (StoredType != DType.Float16)
        {
            foreach (ref float value in values.Span)
            {
                value = (value * Scale) + Minimum;
            }
        }

        return DType == DType.Float32 ? values : Rounded(values);
    }

    /// <summary>tfjs rounds with JavaScript's Math.round: halves go up.</summary>
    private static Tensor<int> Rounded(Tensor<float> values) =>
        new(Array.ConvertAll(values.ToArray(), value => (int)Math.Floor(value + 0.5)), values.Shape);

    /// <summary>Each text is four bytes of length and its UTF-8.</summary>
    private long TextBytes(ShardBytes shards, long start)
    {
        long at = start;
        Span<byte> length = stackalloc byte[4];
        for (int i = 0; i < Shape.ElementCount; i++)
        {
            if (at + 4 > shards.Length)
            {
                return long.MaxValue;
            }

            shards.Read(at, length);
            at += 4 + BinaryPrimitives.ReadUInt32LittleEndian(length);
        }

        return at - start;
    }

    private Tensor<string> Texts(ShardBytes shards, long start, int count)
    {
        var bytes = new byte[count];
        shards.Read(start, bytes);
        var texts = new string[Shape.ElementCount];
        for (int i = 0, at = 0; i < texts.Length; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            texts[i] = Encoding.UTF8.GetString(bytes, at + 4, length);
            at += 4 + length;
        }

        return new Tensor<string>(texts, Shape);
    }

    private static DType Type(string name, string place) =>
        DTypes.TryParse(name, out DType type) && type is DType.Float32 or DType.Int32 or DType.Bool or DType.UInt8 or DType.UInt16 or DType.Float16 or DType.String
            ? type
            : throw new ModelFormatException(place, $"dtype {name}", "float32, int32, bool, uint8, uint16, float16 or string");

    private static Shape ReadShape(JObject entry, DType dtype, string place, ReadLimits limits)
    {
        if (entry["shape"] is not JArray list || list.Any(dim => dim is not JValue { Value: long and >= 0 }))
        {
            throw new ModelFormatException($"{place}.shape", entry["shape"] is { } found ? JsonText.Describe(found) : "nothing", "a list of whole numbers");
        }

        return StoredShape.Of([.. list.Select(dim => (long)dim)], dtype, place, limits);
    }

    private static string Text(JObject entry, string key, string place) => (entry[key] as JValue)?.Value as string
        ?? throw new ModelFormatException($"{place}.{key}", entry[key] is { } found ? JsonText.Describe(found) : "nothing", "text");

    private static float Number(JObject entry, string key, string place) => entry[key] is { Type: JTokenType.Float or JTokenType.Integer } number
        ? (float)number
        : throw new ModelFormatException($"{place}.quantization.{key}", entry[key] is { } found ? JsonText.Describe(found) : "nothing", "a number");
}
