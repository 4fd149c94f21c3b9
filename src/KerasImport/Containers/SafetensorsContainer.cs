using System.Buffers.Binary;
using KerasCompat.Dialects;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>
/// A safetensors file that this library wrote: the length of a header, the header in JSON (for each tensor type, shape and place; the
/// canonical config under <c>__metadata__</c>), the elements. Tensors of a file on disk are the file's own pages, mapped and not copied.
/// </summary>
/// <remarks>The format: github.com/huggingface/safetensors. Checked as there: places in order, without holes or overlaps.</remarks>
internal static class SafetensorsContainer
{
    /// <summary>Reads a file, by mapping it.</summary>
    public static KerasFile Read(string path, string name, ReadLimits limits)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Read(stream, name, limits, (type, shape, at, _) => MappedTensors.Map(path, type, shape, at));
    }

    /// <summary>Reads a stream; its tensors are copied.</summary>
    public static KerasFile Read(Stream stream, string name, ReadLimits limits) => Read(stream, name, limits, (type, shape, at, length) =>
    {
        var bytes = new byte[length];
        stream.Position = at;
        stream.ReadExactly(bytes);
        return Tensor.FromBytes(type, shape, bytes);
    });

    private static KerasFile Read(Stream stream, string name, ReadLimits limits, Func<DType, Shape, long, int, Tensor> read)
    {
        JObject header = Header(stream, name, limits, out long data);
        var metadata = header[SafetensorsKeys.Metadata] as JObject;
        string config = metadata?.Text(SafetensorsKeys.Config) ?? throw new ModelFormatException(
            name, "a safetensors file without a Keras config", "one that this library wrote", "it holds weights without an architecture, under names of another framework");
        header.Remove(SafetensorsKeys.Metadata);
        return new KerasFile
        {
            Name = name,
            Kind = ContainerKind.Safetensors,
            Config = JsonText.AsObject(JsonText.Parse(config, $"{name}:{SafetensorsKeys.Config}", limits), name),
            IsCanonical = true,
            KerasVersion = metadata!.Text(SafetensorsKeys.KerasVersion),
            Weights = new NamedWeights { Named = Arrays(header, name, data, stream.Length - data, limits, read) },
            Metadata = metadata.Properties().Where(p => p.Value.Type == JTokenType.String && p.Name != SafetensorsKeys.Config)
                .ToDictionary(p => p.Name, p => (string)p.Value!),
        };
    }

    private static JObject Header(Stream stream, string name, ReadLimits limits, out long data)
    {
        Span<byte> start = stackalloc byte[SafetensorsKeys.LengthBytes];
        stream.Position = 0;
        stream.ReadExactly(start);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > (ulong)(stream.Length - SafetensorsKeys.LengthBytes))
        {
            throw new ModelFormatException(name, $"a safetensors file of {stream.Length} bytes with a header of {length}", "a header within the file", "copy or download it again");
        }

        JsonText.CheckLength((long)length, name, limits);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        data = SafetensorsKeys.LengthBytes + (long)length;
        return JsonText.AsObject(JsonText.Parse(bytes, $"{name}:header", limits), $"{name}:header");
    }

    private static List<StoredArray> Arrays(JObject header, string name, long data, long available, ReadLimits limits, Func<DType, Shape, long, int, Tensor> read)
    {
        var arrays = new List<StoredArray>();
        var places = new List<(long Begin, long End, string Path)>();
        foreach (JProperty entry in header.Properties())
        {
            string path = $"{name}:/{entry.Name}";
            var fields = entry.Value as JObject;
            if (SafetensorsKeys.TypeOf(fields?["dtype"]?.ToString()) is not { } type)
            {
                throw new ModelFormatException(path, $"dtype {fields?["dtype"]?.ToString() ?? "nothing"}", "an element type of safetensors");
            }

            long[] sizes = Integers(fields!["shape"], $"{path}.shape"), offsets = Integers(fields["data_offsets"], $"{path}.data_offsets");
            long length = sizes.Aggregate((long)type.Size(), (a, b) => a > available ? a : a * b);
            if (offsets is not [var begin, var end] || begin < 0 || end > available || end - begin != length || sizes.Any(s => s > int.MaxValue))
            {
                throw new ModelFormatException(path, $"bytes {string.Join(" to ", offsets)} of {available} for {type.Name()} ({string.Join(", ", sizes)})", "the bytes that the shape takes, within the file");
            }

            if (length > limits.MaxTotalBytes || length > Array.MaxLength)
            {
                throw new ResourceLimitException(path, $"{length} bytes", $"at most {Math.Min(limits.MaxTotalBytes, Array.MaxLength)}");
            }

            places.Add((begin, end, path));
            var shape = new Shape([.. sizes.Select(s => (int)s)]);
            arrays.Add(new StoredArray(path, entry.Name, type, shape, () => read(type, shape, data + begin, (int)length)));
        }

        places.Sort();
        long next = 0;
        foreach ((long begin, long end, string path) in places)
        {
            next = begin == next ? end : throw new ModelFormatException(path, $"bytes from {begin} on", $"from {next} on: tensors lie side by side");
        }

        return next == available ? arrays : throw new ModelFormatException(name, $"{available} bytes of tensors", $"{next}");
    }

    private static long[] Integers(JToken? token, string place) => token is JArray list && list.All(t => t is JValue { Value: long and >= 0 and <= long.MaxValue / 16 })
        ? [.. list.Select(t => (long)t)]
        : throw new ModelFormatException(place, token is null ? "nothing" : JsonText.Describe(token), "a list of sizes");
}
