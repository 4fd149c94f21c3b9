using System.Globalization;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>The weights of a TensorFlow.js model: groups of shards, whose bytes in a row are the weights in a row.</summary>
internal static class TensorFlowJsWeights
{
    /// <exception cref="ModelFormatException">The manifest or a shard is wrong.</exception>
    public static StoredWeights Read(JArray manifest, string name, string? folder, ReadLimits limits, ArchitectureConfig? architecture)
    {
        if (folder is null)
        {
            throw new ModelFormatException(name, "a TensorFlow.js model in a stream", "a path: its weights lie in files beside it", "open it by its path");
        }

        var arrays = new List<StoredArray>();
        long total = 0;
        for (int g = 0; g < manifest.Count; g++)
        {
            string place = $"{name}:weightsManifest[{g}]";
            if (manifest[g] is not JObject { } group || group["paths"] is not JArray paths || group["weights"] is not JArray weights)
            {
                throw new ModelFormatException(place, JsonText.Describe(manifest[g]), "\"paths\" and \"weights\"");
            }

            var shards = new ShardBytes(paths, place, folder);
            long offset = 0;
            for (int w = 0; w < weights.Count; w++)
            {
                var entry = TensorFlowJsWeight.Parse(weights[w], $"{place}.weights[{w}]", limits);
                arrays.Add(entry.At(shards, ref offset));
            }

            total += offset;
            if (total > limits.MaxTotalBytes)
            {
                throw new ResourceLimitException(name, $"{total} bytes of weights", $"at most {limits.MaxTotalBytes}", "raise ReadLimits.MaxTotalBytes if the file is trusted");
            }
        }

        return arrays.Count > 0 && arrays.TrueForAll(array => IsVariablePath(array.Name)) ? ByPath(arrays) : ByLayer(arrays, architecture);
    }

    /// <summary>Names of a converted <c>.keras</c> file: <c>layers/dense/vars/0</c>.</summary>
    private static bool IsVariablePath(string name) =>
        name.Split('/') is [.., "vars", var key] && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static PathWeights ByPath(List<StoredArray> arrays) => new()
    {
        Groups = arrays.GroupBy(array => array.Name[..Math.Max(0, array.Name.LastIndexOf("vars/", StringComparison.Ordinal) - 1)])
            .ToDictionary(group => group.Key, group => new StoredVariables(null, group.DistinctBy(Key).ToDictionary(Key))),
    };

    private static string Key(StoredArray array) => array.Name[(array.Name.LastIndexOf('/') + 1)..];

    /// <summary>Names of a converted <c>.h5</c> file: <c>dense/kernel</c>, <c>lstm/lstm_cell/kernel</c>; the layer is what stands first.</summary>
    private static LayerWeights ByLayer(List<StoredArray> arrays, ArchitectureConfig? architecture) => new()
    {
        Layers = [.. arrays.GroupBy(array => array.Name.Split('/')[0]).Select(group => new StoredLayer(group.Key, [.. group]))],
        KerasVersion = architecture?.KerasVersion,
        Backend = architecture?.Backend,
        Pairing = LayerPairing.ByArrayName,
    };
}
