using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>What kind of file a model or its weights came in. Told by content, never by extension.</summary>
public enum ContainerKind
{
    /// <summary>HDF5 with attribute <c>model_config</c>: architecture and weights (Keras 1.0.8 to 3).</summary>
    WholeModelHdf5,

    /// <summary>HDF5 with <c>layer_names</c> or <c>nb_layers</c>: weights by layer, without architecture.</summary>
    LayerWeightsHdf5,

    /// <summary>HDF5 with <c>vars</c> groups: weights by object path, without architecture (<c>.weights.h5</c>).</summary>
    PathWeightsHdf5,

    /// <summary>Zip archive or directory of <c>config.json</c> and <c>model.weights.h5</c> (<c>.keras</c>).</summary>
    KerasArchive,

    /// <summary>A JSON index over several <c>.weights.h5</c> files.</summary>
    ShardedWeights,

    /// <summary>TensorFlow.js layers model: <c>model.json</c> and binary shards.</summary>
    TensorFlowJs,

    /// <summary>Architecture as JSON or YAML, without weights.</summary>
    Architecture,

    /// <summary>safetensors as this library writes it: canonical config and weights.</summary>
    Safetensors,

    /// <summary>A folder that <c>model.save</c> of tf.keras wrote, or a zip archive of it: <c>saved_model.pb</c> and <c>variables/</c> (TensorFlow 2.0 to 2.15).</summary>
    SavedModel,
}

/// <summary>A file as its container holds it: the architecture as written, the weights as stored, nothing interpreted.</summary>
/// <remarks>Arrays are read on demand; dispose the file when the weights have been taken.</remarks>
public sealed class KerasFile : IDisposable
{
    private readonly List<IDisposable> _resources = [];

    /// <summary>The file's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the file the architecture came from, where it lies apart from the weights; else null.</summary>
    public string? ArchitectureName { get; init; }

    /// <summary>The container; of the weights, where the architecture lies apart.</summary>
    public required ContainerKind Kind { get; init; }

    /// <summary>The model's JSON, <c>{"class_name", "config", …}</c>, as written; null in a weights-only file.</summary>
    public JObject? Config { get; init; }

    /// <summary>True where the architecture is in the canonical form already.</summary>
    public bool IsCanonical { get; init; }

    /// <summary>The loss, optimizer and metrics as written (<c>training_config</c> or <c>compile_config</c>), or null.</summary>
    public JObject? TrainingConfig { get; init; }

    /// <summary>The Keras version that wrote the architecture, where the file says so: <c>2.15.0</c>, <c>2.2.4-tf</c>.</summary>
    public string? KerasVersion { get; init; }

    /// <summary>The backend that wrote the architecture, where the file says so: <c>tensorflow</c>, <c>theano</c>.</summary>
    public string? Backend { get; init; }

    /// <summary>The weights, or null in an architecture-only file.</summary>
    public StoredWeights? Weights { get; init; }

    /// <summary>Of a container whose weights are missing, the file that should hold or describe them.</summary>
    internal string? MissingWeights { get; init; }

    /// <summary>Asset files of a <c>.keras</c> archive by path below <c>assets/</c>: vocabularies.</summary>
    public IReadOnlyDictionary<string, byte[]> Assets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>What else the file says about itself, by key: what its writer noted in a safetensors file, <c>tensorflow_version</c> in a SavedModel.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Keeps something open until this file is disposed.</summary>
    internal KerasFile Owning(IDisposable resource)
    {
        _resources.Add(resource);
        return this;
    }

    /// <summary>Closes the underlying files.</summary>
    public void Dispose()
    {
        foreach (IDisposable resource in Enumerable.Reverse(_resources))
        {
            resource.Dispose();
        }

        _resources.Clear();
    }
}

/// <summary>Weights as a container stores them: by layer name and position, or by object path.</summary>
public abstract class StoredWeights
{
    private protected StoredWeights()
    {
    }

    /// <summary>Whether arrays may be read as long as the file is open, and not only while it is loaded: it is not mapped.</summary>
    internal bool MayStay { get; set; }

    /// <summary>Every array with its full path, in file order.</summary>
    public abstract IEnumerable<StoredArray> Arrays { get; }
}

/// <summary>Weights listed layer by layer (legacy HDF5, TensorFlow.js).</summary>
public sealed class LayerWeights : StoredWeights
{
    /// <summary>The layers in the order of <c>layer_names</c>, weightless ones included.</summary>
    public required IReadOnlyList<StoredLayer> Layers { get; init; }

    /// <summary>The <c>keras_version</c> of the group that holds the layers; null up to Keras 1.</summary>
    public string? KerasVersion { get; init; }

    /// <summary>The <c>backend</c> of the group that holds the layers; null up to Keras 1.</summary>
    public string? Backend { get; init; }

    /// <summary>Variables of the model itself that belong to no layer (<c>top_level_model_weights</c>); null where there are none.</summary>
    public StoredLayer? TopLevel { get; init; }

    /// <summary>What says whose arrays these are.</summary>
    internal LayerPairing Pairing { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<StoredArray> Arrays => Layers.SelectMany(layer => layer.Arrays).Concat(TopLevel?.Arrays ?? []);
}

/// <summary>What says which layer of a model stored arrays belong to.</summary>
internal enum LayerPairing
{
    /// <summary>The order of the layers that have weights, as in HDF5; names where their numbers differ.</summary>
    ByPosition,

    /// <summary>The layers' names alone: a SavedModel says for each layer what it holds.</summary>
    ByLayerName,

    /// <summary>The arrays' names alone: TensorFlow.js lists layers by the alphabet, and a nested model's layers beside the model's own.</summary>
    ByArrayName,
}

/// <summary>The arrays of one layer, in the order of <c>weight_names</c>.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Arrays">Its arrays.</param>
public sealed record StoredLayer(string Name, IReadOnlyList<StoredArray> Arrays);

/// <summary>Weights by object path (<c>.weights.h5</c>): each path ends in a group <c>vars</c>.</summary>
public sealed class PathWeights : StoredWeights
{
    /// <summary>The <c>vars</c> groups by path without <c>/vars</c>, with slashes: <c>layers/dense_1</c>; the root is the empty path.</summary>
    public required IReadOnlyDictionary<string, StoredVariables> Groups { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<StoredArray> Arrays => Groups.Values.SelectMany(group => group.Arrays.Values);
}

/// <summary>A <c>vars</c> group.</summary>
/// <param name="ObjectName">Its attribute <c>name</c>: the layer's name (Keras 3.6 on), else null.</param>
/// <param name="Arrays">Its arrays by key (<c>0</c>, <c>1</c>, …).</param>
public sealed record StoredVariables(string? ObjectName, IReadOnlyDictionary<string, StoredArray> Arrays);

/// <summary>An array in a file, read when asked for.</summary>
public sealed class StoredArray
{
    private readonly Func<Tensor> _read;

    /// <summary>Describes an array.</summary>
    /// <param name="path">Where it stands in the file, for messages: <c>/model_weights/dense/dense/kernel:0</c>.</param>
    /// <param name="name">The weight's name as the file gives it: <c>dense/kernel:0</c>.</param>
    /// <param name="dtype">The type its elements are read as.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="read">Reads it.</param>
    public StoredArray(string path, string name, DType dtype, Shape shape, Func<Tensor> read)
    {
        Path = path;
        Name = name;
        DType = dtype;
        Shape = shape;
        _read = read;
    }

    /// <summary>Describes an array that can be read into any memory.</summary>
    /// <param name="path">Where it stands in the file.</param>
    /// <param name="name">The weight's name.</param>
    /// <param name="dtype">The type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="fill">Writes the elements' bytes.</param>
    internal StoredArray(string path, string name, DType dtype, Shape shape, StoredBytes fill)
        : this(path, name, dtype, shape, () => Filled(fill, Tensor.Zeros(dtype, shape))) => Fill = fill;

    /// <summary>Reads the array into memory of the caller's; null where it can only be read whole.</summary>
    internal StoredBytes? Fill { get; }

    /// <summary>Where it stands in the file.</summary>
    public string Path { get; }

    /// <summary>The weight's name as the file gives it.</summary>
    public string Name { get; }

    /// <summary>The type its elements are read as.</summary>
    public DType DType { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Reads the array.</summary>
    public Tensor Read() => _read();

    private static Tensor Filled(StoredBytes fill, Tensor tensor)
    {
        fill(tensor.Bytes);
        return tensor;
    }
}

/// <summary>Writes the bytes of all elements of an array, little-endian.</summary>
internal delegate void StoredBytes(Span<byte> target);
