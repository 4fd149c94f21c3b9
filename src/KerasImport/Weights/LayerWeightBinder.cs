using KerasCompat.Containers;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Weights;

/// <summary>
/// Fills weights from files that list arrays layer by layer. Layers without weights are left out on both sides and the rest are
/// paired by position, as Keras does with HDF5; where the numbers differ, by name, as always where the file says what each layer holds.
/// </summary>
/// <remarks>
/// Inside one group the order is that of <c>trainable_weights + non_trainable_weights</c> when the file was written: a nested
/// model's trainable weights come before all its non-trainable ones, and a frozen layer's weights stand among the latter.
/// </remarks>
internal static class LayerWeightBinder
{
    public static void Bind(Network model, LayerWeights weights, string file)
    {
        (Layer Layer, StoredLayer Stored)[] pairs =
        [
            .. weights.Pairing switch
            {
                LayerPairing.ByArrayName => NamedLayerPairs.Of(model, weights, file),
                LayerPairing.ByLayerName => Named(model, weights, file),
                _ => Paired(model, weights, file),
            },
        ];
        var reading = new ArrayReading(model.Config.Factory.Options, pairs.SelectMany(p => p.Stored.Arrays), weights.MayStay);
        foreach ((Layer layer, StoredLayer stored) in pairs)
        {
            Bind(layer, stored, reading, file);
        }
    }

    private static IEnumerable<(Layer Layer, StoredLayer Stored)> Paired(Network model, LayerWeights weights, string file)
    {
        Layer[] layers = [.. model.Layers.Where(l => l.Weights.Any())];
        StoredLayer[] stored = [.. weights.Layers.Where(l => l.Arrays.Count > 0)];
        if (layers.Length > stored.Length)
        {
            // What a config gives (a lookup layer's idf weights) a file need not hold.
            layers = [.. layers.Where(l => l.Weights.Any(w => !w.HasValue))];
        }

        if (layers.Length != stored.Length || !Fits(layers, stored))
        {
            stored = PairedByName(layers, stored, file);
        }

        return layers.Zip(stored);
    }

    /// <summary>Every layer with its namesake; a stored layer that none asks for is an error, as is a layer without.</summary>
    private static IEnumerable<(Layer Layer, StoredLayer Stored)> Named(Network model, LayerWeights weights, string file)
    {
        StoredLayer[] stored = [.. weights.Layers.Where(l => l.Arrays.Count > 0)];

        // What a config gives (a lookup layer's idf weights) a file need not hold.
        Layer[] layers = [.. model.Layers.Where(l => l.Weights.Any(w => !w.HasValue) || (l.Weights.Any() && stored.Any(s => s.Name == l.Name)))];
        StoredLayer[] paired = PairedByName(layers, stored, file);
        return paired.Length == stored.Length ? layers.Zip(paired) : throw new ModelFormatException(
            file,
            $"weights that no layer asks for: {Listed(stored.Except(paired).SelectMany(l => l.Arrays).Select(a => a.Name))}",
            $"weights for {Listed(layers.Select(l => l.Name))}",
            "the weights belong to another architecture");
    }

    /// <summary>The stored layers by name, where their number differs: <c>load_weights(by_name=True)</c>, which leaves out what no layer asks for.</summary>
    private static StoredLayer[] PairedByName(Layer[] layers, StoredLayer[] stored, string file)
    {
        StoredLayer[] paired = [.. layers.SelectMany(l => stored.Where(s => s.Name == l.Name))];
        string[] missing = [.. layers.Select(l => l.Name).Where(n => paired.All(p => p.Name != n))];
        return missing.Length == 0 && paired.Length == layers.Length
            ? paired
            : throw new ModelFormatException(
                file,
                $"weights for {stored.Length} layers ({Listed(stored.Select(s => s.Name))})",
                $"weights for {layers.Length} layers ({Listed(layers.Select(l => l.Name))}), each once{(missing.Length > 0 ? $"; without counterpart: {Listed(missing)}" : string.Empty)}",
                "the file was cut short, or its weights belong to another architecture");
    }

    private static bool Fits(Layer[] layers, StoredLayer[] stored) =>
        layers.Zip(stored).All(pair => StoredWeight.Of(pair.First).Count == pair.Second.Arrays.Count);

    private static void Bind(Layer layer, StoredLayer stored, ArrayReading reading, string file)
    {
        IReadOnlyList<StoredWeight> slots = StoredWeight.Of(layer);
        if (slots.Count != stored.Arrays.Count)
        {
            throw new ModelFormatException(
                $"{file}:/{stored.Name}",
                $"{stored.Arrays.Count} arrays ({Listed(stored.Arrays.Select(a => a.Name))})",
                $"{slots.Count} for {layer.Config.Place}",
                "the weights belong to another architecture");
        }

        foreach (IGrouping<WeightUnit, (StoredWeight Slot, StoredArray Array)> unit in slots.Zip(stored.Arrays).GroupBy(p => p.First.Unit))
        {
            StoredArray[] arrays = [.. unit.OrderBy(p => p.Slot.Index).Select(p => p.Array)];
            unit.Key.Assign(arrays, reading, file);
        }
    }

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= 8 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(8))}, …";
    }
}

/// <summary>Weights whose stored arrays are converted together: a layer's own, or those of a layer with a conversion.</summary>
internal sealed class WeightUnit
{
    private readonly Weight[] _weights;
    private readonly string[] _layouts;
    private readonly Layer _layer;

    public WeightUnit(Layer layer, IEnumerable<Weight> weights)
    {
        _layer = layer;
        _weights = [.. weights.OrderBy(w => w.Trainable ? 0 : 1)];
        _layouts = LayoutsOf(layer);
        TrainableCount = Stored(_weights.Count(w => w.Trainable));
        NonTrainableCount = _weights.Count(w => !w.Trainable);
    }

    /// <summary>Arrays the file has for the trainable weights.</summary>
    public int TrainableCount { get; }

    /// <summary>Arrays the file has for the others.</summary>
    public int NonTrainableCount { get; }

    public static string[] LayoutsOf(Layer layer) => [.. ((JArray?)layer.Config.Json["weight_layout"] ?? []).Select(t => (string)t!)];

    /// <summary>Converts the arrays of a file, trainable ones first, and assigns them.</summary>
    public void Assign(IReadOnlyList<StoredArray> arrays, ArrayReading reading, string file)
    {
        IReadOnlyList<Tensor>? converted = _layouts.Length > 0 ? Converted([.. arrays.Select(reading.Read)], [.. _weights.Select(w => w.Shape)]) : null;
        for (int i = 0; i < _weights.Length; i++)
        {
            if (converted is null)
            {
                WeightBinder.Assign(_weights[i], arrays[i], reading, $"{file}:{arrays[i].Path}");
            }
            else
            {
                WeightBinder.Assign(_weights[i], converted[i], $"{file}: {_layer.Config.Place}");
            }
        }
    }

    private IReadOnlyList<Tensor> Converted(IReadOnlyList<Tensor> values, Shape[] shapes)
    {
        try
        {
            return WeightLayouts.Convert(_layouts, values, shapes);
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException(_layer.Config.Place, e.Message, $"arrays for weights of {string.Join(", ", shapes.AsEnumerable())}", "the weights belong to another architecture", e);
        }
    }

    private int Stored(int canonical)
    {
        foreach (string layout in _layouts)
        {
            canonical = WeightLayouts.StoredCount(layout, canonical);
        }

        return canonical;
    }
}

/// <summary>A place in a layer's list of arrays.</summary>
/// <param name="Unit">What it belongs to.</param>
/// <param name="Index">Which of the unit's arrays it is.</param>
internal sealed record StoredWeight(WeightUnit Unit, int Index)
{
    /// <summary>The places of a layer's arrays in the order of the file.</summary>
    public static IReadOnlyList<StoredWeight> Of(Layer layer)
    {
        var trainable = new List<StoredWeight>();
        var others = new List<StoredWeight>();
        Collect(layer, trainable, others, []);
        return [.. trainable, .. others];
    }

    private static void Collect(Layer layer, List<StoredWeight> trainable, List<StoredWeight> others, HashSet<Weight> seen)
    {
        bool together = layer.Sublayers.Count == 0 || WeightUnit.LayoutsOf(layer).Length > 0;
        IEnumerable<Weight> own = together ? layer.Weights : layer.OwnWeights;
        Weight[] fresh = [.. own.Where(seen.Add)];
        if (fresh.Length > 0)
        {
            var unit = new WeightUnit(layer, fresh);
            (layer.Config.Trainable ? trainable : others).AddRange(Enumerable.Range(0, unit.TrainableCount).Select(i => new StoredWeight(unit, i)));
            others.AddRange(Enumerable.Range(unit.TrainableCount, unit.NonTrainableCount).Select(i => new StoredWeight(unit, i)));
        }

        if (!together)
        {
            foreach (Sublayer sublayer in layer.Sublayers)
            {
                Collect(sublayer.Layer, trainable, others, seen);
            }
        }
    }
}
