using KerasCompat.Containers;
using KerasCompat.Layers;

namespace KerasCompat.Weights;

/// <summary>
/// Finds a layer's arrays by its name alone, for files whose order says nothing. TensorFlow.js names a weight by the layer that made it,
/// so the layers of a nested model stand beside the model's own: where the file has no arrays under a model's or wrapper's name, those of
/// the layers inside it are looked for.
/// </summary>
/// <remarks>tfjs-layers, <c>Container.loadWeights</c>: as there, every weight must be found and every array asked for.</remarks>
internal sealed class NamedLayerPairs
{
    private readonly Dictionary<string, List<StoredArray>> _arrays = [];
    private readonly List<(Layer Layer, StoredLayer Stored)> _pairs = [];
    private readonly List<string> _missing = [];
    private readonly HashSet<Layer> _seen = [];

    private NamedLayerPairs(Network model, LayerWeights weights)
    {
        HashSet<string> names = [.. Within(model).Select(layer => layer.Name)];
        foreach (StoredArray array in weights.Arrays)
        {
            string owner = Owner(array.Name, names);
            if (!_arrays.TryGetValue(owner, out List<StoredArray>? list))
            {
                _arrays[owner] = list = [];
            }

            list.Add(array);
        }
    }

    /// <exception cref="ModelFormatException">A layer has no arrays, or arrays have no layer.</exception>
    public static IReadOnlyList<(Layer Layer, StoredLayer Stored)> Of(Network model, LayerWeights weights, string file)
    {
        var pairs = new NamedLayerPairs(model, weights);
        foreach (Layer layer in model.Layers)
        {
            pairs.Visit(layer);
        }

        return pairs._missing.Count == 0 && pairs._arrays.Count == 0
            ? pairs._pairs
            : throw new ModelFormatException(
                file,
                pairs._arrays.Count > 0 ? $"weights that no layer asks for: {string.Join(", ", pairs._arrays.Values.SelectMany(list => list).Select(array => array.Name))}" : "weights of some layers only",
                pairs._missing.Count > 0 ? $"weights for {string.Join(", ", pairs._missing)}" : "weights of the model's layers, by the layers' names",
                "the weights belong to another architecture");
    }

    private static IEnumerable<Layer> Within(Layer layer) => layer.Sublayers.Select(s => s.Layer).SelectMany(inner => Within(inner).Prepend(inner));

    /// <summary>The longest name of a layer that the array's name begins with; names of layers may have slashes themselves.</summary>
    private static string Owner(string array, HashSet<string> names)
    {
        for (int end = array.LastIndexOf('/'); end > 0; end = array.LastIndexOf('/', end - 1))
        {
            if (names.Contains(array[..end]))
            {
                return array[..end];
            }
        }

        return array.Split('/')[0];
    }

    private void Visit(Layer layer)
    {
        if (!layer.Weights.Any() || !_seen.Add(layer))
        {
            return;
        }

        if (_arrays.Remove(layer.Name, out List<StoredArray>? arrays))
        {
            _pairs.Add((layer, new StoredLayer(layer.Name, arrays)));
        }
        else if (layer.Sublayers.Count > 0 && layer.OwnWeights.Count == 0)
        {
            foreach (Sublayer sublayer in layer.Sublayers)
            {
                Visit(sublayer.Layer);
            }
        }
        else if (layer.Weights.Any(w => !w.HasValue))
        {
            _missing.Add(layer.Name);
        }
    }
}
