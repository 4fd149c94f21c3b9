using KerasCompat.Hdf5;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>A file that is HDF5: a whole model, weights by layer, or weights by path. What its root holds tells, or the one group where a program of the author's put a model.</summary>
internal static class Hdf5Container
{
    private const string ModelConfig = "model_config";
    private const string ModelWeights = "model_weights";

    /// <summary>Reads the file; the result closes it.</summary>
    /// <exception cref="ModelFormatException">It is HDF5 but holds neither model nor weights of Keras.</exception>
    public static KerasFile Read(Hdf5File hdf5, string name, ReadLimits limits)
    {
        var arrays = new Hdf5Arrays(name, limits);
        KerasFile? file = In(hdf5.Root, arrays, name, limits) ?? (Inner(hdf5.Root, name) is { } inner ? In(inner, arrays, name, limits) : null);
        return file?.Owning(hdf5) ?? throw new ModelFormatException(name, $"an HDF5 file without a Keras model or weights: its root holds {Describe(hdf5.Root)}",
            "model_config, layer_names or groups named vars", "save the model again with model.save, or read the file with another program");
    }

    private static KerasFile? In(Hdf5Group root, Hdf5Arrays arrays, string name, ReadLimits limits) =>
        root.Attributes.ContainsKey(ModelConfig) ? WholeModel(root, arrays, name, limits)
        : LayerGroup(root) is { } layers ? Weights(name, ContainerKind.LayerWeightsHdf5, Hdf5LayerWeights.Read(layers, arrays, limits))
        : PathWeights(root, arrays, limits) is { } weights ? Weights(name, ContainerKind.PathWeightsHdf5, weights)
        : null;

    /// <summary>The one group below the root that holds a model or its weights, as <c>model.save(h5py_group)</c> writes; null where there is none.</summary>
    /// <exception cref="ModelFormatException">There are several.</exception>
    private static Hdf5Group? Inner(Hdf5Group root, string name)
    {
        var found = new List<Hdf5Group>();
        var seen = new HashSet<long> { root.Address };
        var open = new Stack<Hdf5Group>([root]);
        while (open.TryPop(out Hdf5Group? group))
        {
            foreach (Hdf5Link link in group.Links.Where(link => link.Kind == Hdf5LinkKind.Hard))
            {
                if (!group.TryGet(link.Name, out Hdf5Object? there) || there is not Hdf5Group inner || !seen.Add(inner.Address))
                {
                    continue;
                }

                if (inner.Attributes.ContainsKey(ModelConfig) || LayerGroup(inner) is not null)
                {
                    found.Add(inner);
                }
                else
                {
                    open.Push(inner);
                }
            }
        }

        return found.Count <= 1 ? found.SingleOrDefault() : throw new ModelFormatException(name,
            $"{found.Count} models: {string.Join(", ", found.Take(8).Select(group => group.Path))}{(found.Count > 8 ? ", …" : string.Empty)}",
            "one", "save each in a file of its own, for example with h5copy -i FILE -o OUT -s GROUP -d /model");
    }

    private static KerasFile Weights(string name, ContainerKind kind, StoredWeights weights) => new()
    {
        Name = name,
        Kind = kind,
        Weights = weights,
        KerasVersion = (weights as LayerWeights)?.KerasVersion,
        Backend = (weights as LayerWeights)?.Backend,
    };

    private static KerasFile WholeModel(Hdf5Group root, Hdf5Arrays arrays, string name, ReadLimits limits)
    {
        string place = $"{name}:{root.Path}@{ModelConfig}";
        string text = Hdf5Attributes.Text(root, ModelConfig, name) ?? throw new ModelFormatException(place, "nothing", "the architecture as JSON");
        ArchitectureConfig architecture = ArchitectureConfig.From(JsonText.Parse(text, place, limits), place, limits);
        StoredWeights weights = LayerGroup(root) is { } layers ? Hdf5LayerWeights.Read(layers, arrays, limits)
            : PathWeights(root, arrays, limits) ?? throw new ModelFormatException($"{name}:{root.Path}", $"no group {ModelWeights}: {(root.Path == "/" ? "the root" : "it")} holds {Describe(root)}",
                "the weights", "the file is cut short, or was saved without weights");
        string? version = Hdf5Attributes.Note(root, "keras_version");
        string? backend = Hdf5Attributes.Note(root, "backend");
        return new KerasFile
        {
            Name = name,
            Kind = ContainerKind.WholeModelHdf5,
            Config = architecture.Config,
            TrainingConfig = TrainingConfig(root, name, limits) ?? architecture.TrainingConfig,
            KerasVersion = version ?? architecture.KerasVersion ?? (weights as LayerWeights)?.KerasVersion,
            Backend = backend ?? architecture.Backend ?? (weights as LayerWeights)?.Backend,
            Weights = weights,
        };
    }

    /// <summary>As all Keras loaders do: <c>layer_names</c> at the root, else the group <c>model_weights</c>.</summary>
    private static Hdf5Group? LayerGroup(Hdf5Group root) =>
        Hdf5LayerWeights.IsIn(root) ? root
        : root.TryGet(ModelWeights, out Hdf5Object? found) ? found as Hdf5Group
        : null;

    private static PathWeights? PathWeights(Hdf5Group root, Hdf5Arrays arrays, ReadLimits limits) =>
        Hdf5PathWeights.Read(root, arrays, limits) is { Groups.Count: > 0 } weights ? weights : null;

    /// <summary>Loss and optimizer are not needed to predict: where they cannot be read they are left out.</summary>
    private static JObject? TrainingConfig(Hdf5Group root, string name, ReadLimits limits)
    {
        try
        {
            return Hdf5Attributes.Note(root, "training_config") is { } text
                ? JsonText.Parse(text, $"{name}:/@training_config", limits) as JObject
                : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static string Describe(Hdf5Group root)
    {
        const int most = 8;
        IReadOnlyList<string> names = root.Names;
        return names.Count == 0 ? "nothing" : string.Join(", ", names.Take(most)) + (names.Count > most ? $", … ({names.Count} names)" : string.Empty);
    }
}
