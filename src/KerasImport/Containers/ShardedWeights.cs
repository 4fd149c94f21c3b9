using KerasCompat.Hdf5;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>Weights over several <c>.weights.h5</c> files with a JSON index (Keras 3.10): <c>{"metadata", "weight_map": {path: file or files}}</c>.</summary>
internal static class ShardedWeights
{
    public static bool IsIndex(JObject root) => root["weight_map"] is JObject;

    /// <summary>Opens every shard that the index names; they lie beside it.</summary>
    /// <exception cref="ModelFormatException">A shard is missing, or lacks a group that the index places in it.</exception>
    public static (StoredWeights Weights, IReadOnlyList<IDisposable> Open) Read(JObject index, string place, string folder, ReadLimits limits)
    {
        var map = (JObject)index["weight_map"]!;
        var byFile = new Dictionary<string, List<string>>();
        foreach (JProperty entry in map.Properties())
        {
            foreach (string file in Files(entry, place))
            {
                if (!byFile.TryGetValue(file, out List<string>? paths))
                {
                    byFile.Add(file, paths = []);
                }

                paths.Add(entry.Name);
            }
        }

        var open = new List<IDisposable>();
        var groups = new Dictionary<string, StoredVariables>();
        try
        {
            foreach ((string file, List<string> paths) in byFile)
            {
                Hdf5File shard = Open(file, place, folder, limits);
                open.Add(shard);
                if (paths.Find(path => !shard.Root.TryGet(path, out _)) is { } missing)
                {
                    throw new ModelFormatException($"{place}.weight_map", $"{missing} in {file}, which has no such group", "the group",
                        "index and shards do not belong together: copy them again");
                }

                Hdf5PathWeights.AddTo(groups, shard.Root, new Hdf5Arrays(file, limits), limits);
            }
        }
        catch
        {
            open.ForEach(shard => shard.Dispose());
            throw;
        }

        return (new PathWeights { Groups = groups }, open);
    }

    private static IEnumerable<string> Files(JProperty entry, string place)
    {
        JToken[] names = entry.Value is JArray list ? [.. list] : [entry.Value];
        foreach (JToken name in names)
        {
            string file = (name as JValue)?.Value as string
                ?? throw new ModelFormatException($"{place}.weight_map[\"{entry.Name}\"]", JsonText.Describe(name), "the name of a shard");
            yield return SiblingFile.Check(file, $"{place}.weight_map[\"{entry.Name}\"]");
        }
    }

    private static Hdf5File Open(string file, string place, string folder, ReadLimits limits)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path)
            ? Hdf5File.Open(path, limits)
            : throw new ModelFormatException(place, $"no file {file} beside it", "all shards that the index names", "copy them into the same folder");
    }
}
