using KerasCompat.Hdf5;

namespace KerasCompat.Containers;

/// <summary>Weights layer by layer: the group <c>model_weights</c> of a whole model, or the root of what <c>save_weights</c> wrote as <c>.h5</c>.</summary>
/// <remarks>
/// <c>layer_names</c> lists the layers in model order, each layer's <c>weight_names</c> its datasets, by paths that may have slashes.
/// Keras 0.x has <c>nb_layers</c>, groups <c>layer_0</c>… with <c>nb_params</c>, and datasets <c>param_0</c>… instead.
/// </remarks>
internal static class Hdf5LayerWeights
{
    /// <summary>The group's variables that belong to the model itself and to no layer (tf.keras 2.7 on).</summary>
    private const string TopLevel = "top_level_model_weights";

    public static bool IsIn(Hdf5Group group) =>
        group.Attributes.ContainsKey("layer_names") || group.Attributes.ContainsKey("layer_names0") || group.Attributes.ContainsKey("nb_layers");

    /// <exception cref="ModelFormatException">A list, group or dataset that should be there is not, or is something else.</exception>
    public static LayerWeights Read(Hdf5Group group, Hdf5Arrays arrays, ReadLimits limits)
    {
        IReadOnlyList<StoredLayer> layers = Hdf5Attributes.TryNames(group, "layer_names", arrays.File, out IReadOnlyList<string>? names)
            ? [.. Limited(names, group, arrays, limits).Select(name => Layer(group, name, arrays, limits))]
            : group.Attributes.ContainsKey("nb_layers") ? Numbered(group, arrays, limits)
            : group.Names.Count == 0 ? []
            : throw new ModelFormatException($"{arrays.File}:{group.Path}", "no attribute layer_names", "the names of the layers in model order");
        StoredLayer? own = group.TryGet(TopLevel, out Hdf5Object? top) && top is Hdf5Group && names?.Contains(TopLevel) != true
            ? Layer(group, TopLevel, arrays, limits)
            : null;
        return new LayerWeights
        {
            Layers = layers,
            TopLevel = own is { Arrays.Count: > 0 } ? own : null,
            KerasVersion = Hdf5Attributes.Note(group, "keras_version"),
            Backend = Hdf5Attributes.Note(group, "backend"),
        };
    }

    private static StoredLayer Layer(Hdf5Group group, string name, Hdf5Arrays arrays, ReadLimits limits)
    {
        if (!group.TryGet(name, out Hdf5Object? found) || found is not Hdf5Group layer)
        {
            throw new ModelFormatException($"{arrays.File}:{group.Path}", $"no group of layer \"{name}\", which layer_names lists", "a group for each layer",
                "the Keras that wrote the file failed on the way: save the model again");
        }

        if (!Hdf5Attributes.TryNames(layer, "weight_names", arrays.File, out IReadOnlyList<string>? weights))
        {
            return new StoredLayer(name, []);
        }

        return new StoredLayer(name, [.. Limited(weights, layer, arrays, limits).Select(weight => Array(layer, weight, arrays))]);
    }

    private static StoredArray Array(Hdf5Group layer, string name, Hdf5Arrays arrays) =>
        layer.TryGet(name, out Hdf5Object? found) && found is Hdf5Dataset dataset
            ? arrays.Describe(dataset, name)
            : throw new ModelFormatException($"{arrays.File}:{layer.Path}", $"no dataset {name}, which weight_names lists", "a dataset for each weight",
                "the file is damaged or was edited: save the model again");

    private static List<StoredLayer> Numbered(Hdf5Group group, Hdf5Arrays arrays, ReadLimits limits)
    {
        var layers = new List<StoredLayer>();
        for (int i = 0, count = Count(group, "nb_layers", arrays, limits); i < count; i++)
        {
            string name = $"layer_{i}";
            Hdf5Group layer = group.TryGet(name, out Hdf5Object? found) && found is Hdf5Group there
                ? there
                : throw new ModelFormatException($"{arrays.File}:{group.Path}", $"no group {name}", $"the groups of {count} layers");
            int parameters = Count(layer, "nb_params", arrays, limits);
            layers.Add(new StoredLayer(name, [.. Enumerable.Range(0, parameters).Select(p => Array(layer, $"param_{p}", arrays))]));
        }

        return layers;
    }

    private static int Count(Hdf5Group group, string name, Hdf5Arrays arrays, ReadLimits limits)
    {
        string place = $"{arrays.File}:{group.Path}@{name}";
        if (!group.Attributes.TryGetValue(name, out Hdf5Attribute? attribute) || attribute is not { IsNull: false, Type: { IsInteger: true, Size: <= 8 } }
            || attribute.ReadBytes() is not { Length: > 0 and <= 8 } bytes)
        {
            throw new ModelFormatException(place, "no whole number", "how many there are");
        }

        ulong count = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            count = (count << 8) | bytes[i];
        }

        return count <= (ulong)limits.MaxObjects
            ? (int)count
            : throw new ResourceLimitException(place, $"{count}", $"at most {limits.MaxObjects}");
    }

    private static IReadOnlyList<string> Limited(IReadOnlyList<string> names, Hdf5Group group, Hdf5Arrays arrays, ReadLimits limits) =>
        names.Count <= limits.MaxObjects
            ? names
            : throw new ResourceLimitException($"{arrays.File}:{group.Path}", $"{names.Count} names", $"at most {limits.MaxObjects}");
}
