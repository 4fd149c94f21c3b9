using System.Runtime.InteropServices;
using KerasCompat.Containers;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Verification;
using KerasCompat.Weights;

namespace KerasCompat;

/// <summary>A Keras model, rebuilt from a file of any Keras generation.</summary>
/// <remarks>
/// Prediction may be called from many threads at once. A model with stateful layers keeps one set of states for all callers, as
/// Keras does; give each caller a <see cref="RecurrentState"/> of its own to keep them apart.
/// </remarks>
public sealed partial class KerasModel : IDisposable
{
    private readonly Network _network;
    private readonly IReadOnlyList<string> _outputNames;
    private readonly Lock _executableLock = new();
    private IExecutable? _executable;
    private IExecutable? _activations;
    private KerasFile? _file;

    private KerasModel(CanonicalModel canonical, Network network, Graph graph, IReadOnlyList<string> outputNames, string? kerasVersion, Device device)
    {
        _outputNames = outputNames;
        Device = device;
        Canonical = canonical;
        _network = network;
        Graph = graph;
        KerasVersion = kerasVersion;
        Layers = new LayerCollection([.. network.Layers]);
    }

    /// <summary>The model's name.</summary>
    public string Name => _network.Name;

    /// <summary>The Keras version that wrote the file, where the file says so.</summary>
    public string? KerasVersion { get; }

    /// <summary>What computes the model.</summary>
    public Device Device { get; }

    /// <summary>The layers, by name and in the order of Keras's <c>model.layers</c>.</summary>
    public LayerCollection Layers { get; }

    /// <summary>Names and types of the inputs, in the order of a call. A ragged one is two: its padded rows, then their lengths (see <see cref="RaggedTensor"/>).</summary>
    public IReadOnlyList<(string Name, TensorType Type)> Inputs => [.. Graph.Inputs.Select(i => (i.Name!, i.Type))];

    /// <summary>Names and types of the outputs. A ragged one is two, as with <see cref="Inputs"/>.</summary>
    public IReadOnlyList<(string Name, TensorType Type)> Outputs => [.. _outputNames.Zip(Graph.Outputs, (name, value) => (name, value.Type))];

    /// <summary>The canonical config the model was built of.</summary>
    public CanonicalModel Canonical { get; }

    /// <summary>The operators the model was lowered to.</summary>
    public Graph Graph { get; private set; }

    /// <summary>What stateful layers keep from call to call.</summary>
    public RecurrentState State { get; } = new();

    /// <summary>All weights in the order of Keras's <c>get_weights()</c>.</summary>
    public IReadOnlyList<Weight> Weights => [.. _network.Weights];

    internal Network Network => _network;

    /// <summary>Loads a model, whatever its container; for weights alone the architecture lying beside them is found by name.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or no model.</exception>
    /// <exception cref="UnsupportedModelException">It needs what this library lacks; every such thing is named.</exception>
    /// <exception cref="ResourceLimitException">Reading it would exceed the limits.</exception>
    /// <exception cref="OperationCanceledException"><see cref="LoadOptions.CancellationToken"/> asked to stop.</exception>
    public static KerasModel Load(string path, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        return Load(limits => KerasFileReader.Open(path, limits, options.LeaveWeightsInFile), options);
    }

    /// <summary>Loads a model whose architecture and weights are in two files.</summary>
    /// <inheritdoc cref="Load(string, LoadOptions?)"/>
    public static KerasModel Load(string weights, string architecture, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        return Load(limits => KerasFileReader.Open(weights, architecture, limits, options.LeaveWeightsInFile), options);
    }

    /// <summary>Loads a model from a seekable stream.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="options">How to load.</param>
    /// <inheritdoc cref="Load(string, LoadOptions?)"/>
    public static KerasModel Load(Stream stream, string name, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        return Load(limits => KerasFileReader.Open(stream, name, limits), options);
    }

    /// <summary>Loads a model from an opened container.</summary>
    /// <inheritdoc cref="Load(string, LoadOptions?)"/>
    public static KerasModel Load(KerasFile file, LoadOptions? options = null)
    {
        KerasModel model = LoadArchitecture(file, options);
        WeightBinder.Bind(model._network, file.Weights ?? throw ModelLoader.WeightsMissing(file), file.Name);
        return model;
    }

    /// <summary>Loads a model from a file that is this one's: closed when the weights have been read, or with the model.</summary>
    private static KerasModel Load(Func<ReadLimits, KerasFile> open, LoadOptions options)
    {
        // Weights that stay in the file are read when the load is over, and its token no longer asked.
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(options.Reading.CancellationToken);
        KerasFile file = open(options.Limits with { CancellationToken = loading.Token });
        KerasModel? model = null;
        try
        {
            model = Load(file, options);
            model._file = options.LeaveWeightsInFile ? file : null;
            return model;
        }
        finally
        {
            if (model?._file is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Builds a model of an architecture alone; its weights have no values until they are set.</summary>
    /// <inheritdoc cref="Load(string, LoadOptions?)"/>
    public static KerasModel LoadArchitecture(KerasFile file, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        (CanonicalModel canonical, Network network, Graph graph, IReadOnlyList<string> outputNames) = ModelLoader.Build(file, options);
        return new KerasModel(canonical, network, graph, outputNames, file.KerasVersion, options.Device);
    }

    /// <summary>Predicts for one input; the result is the first output.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    public Tensor Predict(Tensor input) => Predict([input])[0];

    /// <summary>Predicts for several inputs, in the order of <see cref="Inputs"/>; the results are in the order of <see cref="Outputs"/>.</summary>
    /// <exception cref="ArgumentException">An input's shape does not fit.</exception>
    public Tensor[] Predict(params IReadOnlyList<Tensor> inputs) => Predict(inputs, State);

    /// <summary>Predicts with the caller's own states of stateful layers.</summary>
    /// <exception cref="ArgumentException">An input's shape does not fit.</exception>
    public Tensor[] Predict(IReadOnlyList<Tensor> inputs, RecurrentState state) => Predict(inputs, state, CancellationToken.None);

    /// <summary>Predicts until the caller no longer wants it: asked before each operator. States then are as they were.</summary>
    /// <inheritdoc cref="Predict(IReadOnlyList{Tensor}, RecurrentState, CancellationToken)"/>
    public Tensor[] Predict(IReadOnlyList<Tensor> inputs, CancellationToken cancellationToken) => Predict(inputs, State, cancellationToken);

    /// <summary>Predicts with the caller's own states of stateful layers until the caller no longer wants it.</summary>
    /// <param name="inputs">The inputs, in the order of <see cref="Inputs"/>.</param>
    /// <param name="state">The states; they stay as they were where the call is stopped.</param>
    /// <param name="cancellationToken">Asked before each operator, and on the CPU while the plan is made; a kernel or operator that a device has begun is finished.</param>
    /// <exception cref="ArgumentException">An input's shape does not fit.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public Tensor[] Predict(IReadOnlyList<Tensor> inputs, RecurrentState state, CancellationToken cancellationToken) =>
        Executable(cancellationToken).Run(InputConversion.Fit(inputs, Graph.Inputs), Graph.States.Count == 0 ? null : state.Tensors, cancellationToken);

    /// <summary>Predicts from the caller's memory into the caller's memory. On the CPU it allocates nothing after the first call of a shape.</summary>
    /// <param name="input">The input's numbers in C order; a single open size of the input's shape follows from their count.</param>
    /// <param name="output">Takes the output's numbers.</param>
    /// <exception cref="ArgumentException">The model has not one float32 input and one float32 output, several sizes are open, or the lengths do not fit.</exception>
    public void Predict(ReadOnlySpan<float> input, Span<float> output) => Predict(input, OpenSize.Shape(Graph.Inputs[0], input.Length), output);

    /// <summary>Predicts from the caller's memory into the caller's memory, for an input of a given shape.</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float}, Span{float})"/>
    public void Predict(ReadOnlySpan<float> input, Shape shape, Span<float> output)
    {
        if (Graph.Inputs.Count != 1 || Graph.Outputs.Count != 1 || Graph.Inputs[0].DType != DType.Float32 || Graph.Outputs[0].DType != DType.Float32)
        {
            throw new ArgumentException("Spans carry one float32 input and one float32 output; pass tensors.");
        }

        Executable().Run(MemoryMarshal.AsBytes(input), shape, MemoryMarshal.AsBytes(output), Graph.States.Count == 0 ? null : State.Tensors);
    }

    /// <summary>Predicts for inputs by name; the results carry the outputs' names.</summary>
    /// <exception cref="ArgumentException">An input is missing, unknown or of a wrong shape.</exception>
    public IReadOnlyDictionary<string, Tensor> Predict(IReadOnlyDictionary<string, Tensor> inputs)
    {
        string[] unknown = [.. inputs.Keys.Except(Graph.Inputs.Select(i => i.Name!))];
        if (unknown.Length > 0)
        {
            throw new ArgumentException($"The model has no input {string.Join(", ", unknown)}; its inputs are {string.Join(", ", Graph.Inputs.Select(i => i.Name))}.");
        }

        Tensor[] ordered = [.. Graph.Inputs.Select(i => inputs.TryGetValue(i.Name!, out Tensor? tensor)
            ? tensor
            : throw new ArgumentException($"Input \"{i.Name}\" is missing."))];
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in _outputNames.Zip(Predict(ordered)))
        {
            results[results.ContainsKey(name) ? $"{name}_{results.Count}" : name] = tensor;
        }

        return results;
    }

    /// <summary>Every layer's outputs for these inputs, in the order of execution, with their masks dropped.</summary>
    /// <remarks>States of stateful layers are read and left as they are.</remarks>
    /// <exception cref="ArgumentException">An input's shape does not fit.</exception>
    public IReadOnlyList<LayerActivation> Activations(params IReadOnlyList<Tensor> inputs) => Activations(inputs, CancellationToken.None);

    /// <summary>Every layer's outputs for these inputs, until the caller no longer wants them.</summary>
    /// <inheritdoc cref="Activations(IReadOnlyList{Tensor})"/>
    /// <exception cref="OperationCanceledException">The caller no longer wants them.</exception>
    public IReadOnlyList<LayerActivation> Activations(IReadOnlyList<Tensor> inputs, CancellationToken cancellationToken)
    {
        IExecutable executable;
        lock (_executableLock)
        {
            executable = _activations ??= Device.Prepare(ModelLoader.ActivationsGraph(_network, Graph), cancellationToken);
        }

        Tensor[] values = executable.Run(InputConversion.Fit(inputs, Graph.Inputs), State.Tensors.ToDictionary(s => s.Key, s => s.Value.Clone()), cancellationToken);
        return [.. _network.Trace.Zip(values, (at, value) => new LayerActivation(at.Layer.Name, at.Layer.ClassName, at.Node, at.Output, value))];
    }

    /// <summary>The seconds that each operator of a call takes on this machine, in the order of execution; nothing where elements decide shapes, or off the CPU.</summary>
    internal IReadOnlyList<(Node Node, double Seconds)> Profile(IReadOnlyList<Tensor> inputs, TimeSpan longest, CancellationToken cancellationToken) =>
        Executable(cancellationToken) is CpuExecutable cpu ? cpu.Profile(InputConversion.Fit(inputs, Graph.Inputs), longest, cancellationToken) : [];

    /// <summary>The values of all weights in Keras's order.</summary>
    public Tensor[] GetWeights() => [.. Weights.Select(w => w.Value)];

    /// <summary>Sets all weights, in Keras's order.</summary>
    /// <exception cref="ArgumentException">Their number or a shape differs.</exception>
    public void SetWeights(IReadOnlyList<Tensor> values)
    {
        WeightSetting.Set(Weights, values, Name);
        WeightsChanged();
    }

    /// <summary>Sets the weights of one layer, in Keras's order.</summary>
    /// <exception cref="ArgumentException">Their number or a shape differs.</exception>
    /// <exception cref="KeyNotFoundException">The model has no such layer.</exception>
    public void SetWeights(string layer, IReadOnlyList<Tensor> values)
    {
        WeightSetting.Set([.. Layers[layer].Weights], values, layer);
        WeightsChanged();
    }

    /// <summary>Gives every weight a value, for an architecture without weights.</summary>
    /// <param name="value">The value for a weight and its position in Keras's order.</param>
    public void FillWeights(Func<int, Weight, Tensor> value) => SetWeights([.. Weights.Select((w, i) => value(i, w))]);

    /// <summary>What was made of the weights (packed matrices, folded constants) is made anew.</summary>
    private void WeightsChanged()
    {
        lock (_executableLock)
        {
            _executable?.Dispose();
            _activations?.Dispose();
            (_executable, _activations) = (null, null);
        }
    }

    /// <summary>Sets the states of stateful layers back to zeros.</summary>
    public void ResetStates() => State.Reset();

    /// <summary>Replays what Keras computed for this model and compares.</summary>
    /// <param name="vectors">A vectors file, written by <c>keras_vectors.py</c>.</param>
    /// <param name="tolerance">How close the numbers must come; 1e-5 absolute and relative unless told.</param>
    /// <param name="cancellationToken">Asked before each operator of each call.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedModelException">A call ran in training mode.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer wants it.</exception>
    public VerificationReport Verify(string vectors, Tolerance? tolerance = null, CancellationToken cancellationToken = default)
    {
        using VectorsFile file = VectorsFile.Open(vectors);
        return Verifier.Verify(this, file, tolerance ?? Tolerance.Default, cancellationToken);
    }

    /// <summary>The table that Keras's <c>model.summary()</c> prints.</summary>
    public string Summary() => ModelSummary.Write(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        WeightsChanged();
        _file?.Dispose();
    }

    private IExecutable Executable(CancellationToken cancellationToken = default)
    {
        lock (_executableLock)
        {
            return _executable ??= Device.Prepare(Graph, cancellationToken);
        }
    }
}
