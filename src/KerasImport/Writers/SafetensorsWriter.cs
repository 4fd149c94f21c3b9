using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Writers;

/// <summary>
/// Writes a model as safetensors: weights in the canonical layout, named by layer and listed in Keras's order; the canonical config, the
/// Keras version under <c>__metadata__</c>.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Takes the file.</param>
    /// <param name="metadata">What else is to stand under <c>__metadata__</c>.</param>
    /// <param name="cancellationToken">Asked before each megabyte.</param>
    /// <exception cref="UnsupportedModelException">A weight is of a type that safetensors lacks.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public static void Write(KerasModel model, Stream stream, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Weight> weights = model.Weights;
        string[] names = WeightNames.Of(weights);

        // Elements lie with the widest types first, so that each begins where its type demands; the header keeps Keras's order.
        int[] order = [.. Enumerable.Range(0, weights.Count).OrderByDescending(i => weights[i].DType.Size())];
        var offsets = new long[weights.Count];
        long at = 0;
        foreach (int i in order)
        {
            offsets[i] = at;
            at += weights[i].Value.Bytes.Length;
        }

        byte[] header = Header(model, names, offsets, metadata);
        stream.Write(BitConverter.GetBytes((ulong)header.Length));
        stream.Write(header);
        foreach (int i in order)
        {
            stream.WritePieces(weights[i].Value.Bytes, cancellationToken);
        }
    }

    private static byte[] Header(KerasModel model, string[] names, long[] offsets, IReadOnlyDictionary<string, string>? metadata)
    {
        var about = new JObject { ["format"] = "keras", [SafetensorsKeys.Config] = JsonText.Write(model.Canonical.Root, Formatting.None) };
        if (model.KerasVersion is not null)
        {
            about[SafetensorsKeys.KerasVersion] = model.KerasVersion;
        }

        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            about[key] = value;
        }

        var header = new JObject { [SafetensorsKeys.Metadata] = about };
        for (int i = 0; i < names.Length; i++)
        {
            Weight weight = model.Weights[i];
            header[names[i]] = new JObject
            {
                ["dtype"] = SafetensorsKeys.NameOf(weight.DType) ?? throw new UnsupportedModelException(names[i], $"a weight of {weight.DType.Name()}", "numbers or bool"),
                ["shape"] = new JArray(weight.Shape.Select(d => (long)d)),
                ["data_offsets"] = new JArray(offsets[i], offsets[i] + weight.Value.Bytes.Length),
            };
        }

        string text = header.ToString(Formatting.None);
        int padding = -Encoding.UTF8.GetByteCount(text) & 7;
        return Encoding.UTF8.GetBytes(text + new string(' ', padding));
    }
}
