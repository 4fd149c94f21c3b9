using System.Globalization;
using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Weights;

/// <summary>
/// Fills weights from files that keep arrays by object path (<c>.weights.h5</c>). Versions number the layers of a model
/// differently, so each way of numbering is tried until every weight has an array of its shape, first those that know every stored group.
/// </summary>
internal sealed class PathWeightBinder
{
    /// <summary>Tries in all, after which the first failure of a model stands: models nested n deep have 4^n ways.</summary>
    private const int MostTries = 10_000;

    private readonly PathWeights _weights;
    private readonly string _file;
    private int _tries;

    private PathWeightBinder(PathWeights weights, string file)
    {
        _weights = weights;
        _file = file;
    }

    public static void Bind(Network model, PathWeights weights, string file)
    {
        var binder = new PathWeightBinder(weights, file);
        var found = new Assignments();
        if (binder.TryMatch(model, string.Empty, found) is { } failure)
        {
            throw failure;
        }

        var reading = new ArrayReading(model.Config.Factory.Options, found.Select(f => f.Array), weights.MayStay);
        foreach ((_, Weight weight, StoredArray array) in found)
        {
            WeightBinder.Assign(weight, array, reading, array.Path);
        }
    }

    /// <summary>Finds an array for each weight of a layer and of what is in it. Returns what is wrong, or null.</summary>
    private ModelFormatException? TryMatch(Layer layer, string path, Assignments found)
    {
        if (TryMatchOwn(layer, path, found) is { } failure)
        {
            return failure;
        }

        return layer is Network network ? TryMatchLayers(network, path, found) : TryMatchSublayers(layer, path, found);
    }

    private ModelFormatException? TryMatchOwn(Layer layer, string path, Assignments found)
    {
        // A shared layer met again has no group of its own; what it keeps was found where it was met first.
        IReadOnlyList<Weight> weights = layer.StoredWeights;
        if (weights.All(found.Has))
        {
            return null;
        }

        StoredArray[] arrays = _weights.Groups.TryGetValue(path, out StoredVariables? group)
            ? [.. group.Arrays.OrderBy(a => int.TryParse(a.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int key) ? key : int.MaxValue).ThenBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value)]
            : [];
        if (arrays.Length == 0 && weights.All(w => w.HasValue))
        {
            return null;
        }

        // A layer reached by two ways is two layers of one name in the config, and has a group only where Keras met it first.
        arrays = arrays.Length == 0 ? found.Of(layer) : arrays;

        if (arrays.Length != weights.Count)
        {
            return new ModelFormatException(
                $"{_file}:/{path}/vars",
                arrays.Length == 0 ? "no arrays" : $"{arrays.Length} arrays",
                $"{weights.Count} for {layer.Config.Place} ({string.Join(", ", weights.Select(w => w.Name))})",
                "the weights belong to another architecture, or the file was cut short");
        }

        for (int i = 0; i < weights.Count; i++)
        {
            if (arrays[i].Shape != weights[i].Shape)
            {
                return new ModelFormatException(
                    arrays[i].Path, $"shape {arrays[i].Shape}", $"{weights[i].Shape} for weight \"{weights[i].Name}\" of {layer.Config.Place}", "the weights belong to another architecture");
            }

            found.Add(layer, weights[i], arrays[i]);
        }

        return null;
    }

    private ModelFormatException? TryMatchSublayers(Layer layer, string path, Assignments found)
    {
        foreach (Sublayer sublayer in layer.Sublayers)
        {
            string inner = ObjectNames.Join(path, sublayer.Attribute);
            if (sublayer.OlderAttribute is { } older && !Exists(inner))
            {
                inner = ObjectNames.Join(path, older);
            }

            if (TryMatch(sublayer.Layer, inner, found) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private ModelFormatException? TryMatchLayers(Network network, string path, Assignments found)
    {
        Layer[] layers = [.. network.Layers];
        ModelFormatException? first = null;
        HashSet<string> stored = StoredGroups(path);
        foreach (string[] groups in Numberings(layers, path).DistinctBy(groups => string.Join('\n', groups)).OrderBy(groups => stored.Except(groups).Count()))
        {
            if (++_tries > MostTries && first is not null)
            {
                break;
            }

            int mark = found.Count;
            ModelFormatException? failure = null;
            for (int i = 0; i < layers.Length && failure is null; i++)
            {
                failure = TryMatch(layers[i], groups[i], found);
            }

            if (failure is null)
            {
                return null;
            }

            first ??= failure;
            found.CutTo(mark);
        }

        return first;
    }

    /// <summary>The ways in which versions name the groups of a model's layers, likeliest first.</summary>
    private IEnumerable<string[]> Numberings(Layer[] layers, string path)
    {
        string[] containers = [.. ObjectNames.Containers.Select(c => ObjectNames.Join(path, c)).Where(Exists)];
        if (containers.Length == 0)
        {
            containers = [ObjectNames.Join(path, ObjectNames.Containers[0])];
        }

        foreach (string container in containers)
        {
            foreach (Func<string, string> snake in ObjectNames.SnakeCases)
            {
                string[] names = [.. layers.Select(l => snake(l.ClassName))];
                yield return InContainer(ObjectNames.Numbered(names));
                yield return InContainer(Doubled(layers, names));
            }

            string[] InContainer(string[] names) => [.. names.Select(n => ObjectNames.Join(container, n))];
        }
    }

    /// <summary>TensorFlow 2.12 and 2.13 count each layer that has weights twice: <c>dense</c>, <c>dense_2</c>, <c>dense_4</c>.</summary>
    private static string[] Doubled(Layer[] layers, string[] names)
    {
        bool[] weighted = [.. layers.Select(l => l.Weights.Any())];
        string[] numbered = ObjectNames.Numbered(names.SelectMany((n, i) => Enumerable.Repeat(n, weighted[i] ? 2 : 1)));
        var first = new string[layers.Length];
        for (int i = 0, at = 0; i < layers.Length; i++)
        {
            first[i] = numbered[at];
            at += weighted[i] ? 2 : 1;
        }

        return first;
    }

    /// <summary>The groups of a model's layers that hold arrays. A numbering that knows them all goes before one that leaves some out.</summary>
    private HashSet<string> StoredGroups(string path) =>
    [
        .. from container in ObjectNames.Containers.Select(c => ObjectNames.Join(path, c))
           from stored in _weights.Groups
           where stored.Value.Arrays.Count > 0 && stored.Key.StartsWith($"{container}/", StringComparison.Ordinal)
           select ObjectNames.Join(container, stored.Key[(container.Length + 1)..].Split('/')[0]),
    ];

    private bool Exists(string path) => _weights.Groups.Keys.Any(k => k == path || k.StartsWith($"{path}/", StringComparison.Ordinal));

    /// <summary>Pairs found so far; a failed attempt is cut off again.</summary>
    private sealed class Assignments : List<(Layer Layer, Weight Weight, StoredArray Array)>
    {
        private readonly HashSet<Weight> _weights = [];

        public bool Has(Weight weight) => _weights.Contains(weight);

        /// <summary>The arrays of a layer that equals another by class, name and config, as far as that has been found.</summary>
        public StoredArray[] Of(Layer layer) =>
            [.. this.Where(p => p.Layer.ClassName == layer.ClassName && p.Layer.Name == layer.Name && JToken.DeepEquals(p.Layer.Config.Json["config"], layer.Config.Json["config"])).Select(p => p.Array)];

        public void Add(Layer layer, Weight weight, StoredArray array)
        {
            Add((layer, weight, array));
            _weights.Add(weight);
        }

        public void CutTo(int count)
        {
            _weights.ExceptWith(this.Skip(count).Select(p => p.Weight));
            RemoveRange(count, Count - count);
        }
    }
}
