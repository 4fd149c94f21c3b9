using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>How a file is loaded: limits, bindings for what a file cannot carry, strictness.</summary>
public sealed class LoadOptions
{
    /// <summary>Limits on reading.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>Stops a load that is no longer wanted: asked before each object, chunk and member of the file, each layer, each operator and each array.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Told how much of the weights has been read, from 0 to 1, on the thread that loads.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>What computes the model.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Whether the weights stay in the file, and are read from it whenever they are needed: when kernels are made of them at the first prediction, and by <c>GetWeights</c>, saving and exporting.</summary>
    /// <remarks>
    /// The model then holds little more than what its kernels read: for convolutions with BatchNormalization about half of what it would hold
    /// else. The file stays open until the model is disposed, and a stream or <see cref="Containers.KerasFile"/> of the caller's must. It may be
    /// deleted where the system allows that, but not written: a later reading throws an <see cref="IOException"/>, never other numbers.
    /// Small arrays, those that must be converted (Theano's kernels, cuDNN's gates), archives below 4 MB, folders and safetensors are loaded
    /// as ever.
    /// </remarks>
    public bool LeaveWeightsInFile { get; init; }

    /// <summary>Layer classes of the model's author, by registered name (<c>Package&gt;Name</c>) or class name.</summary>
    public Dictionary<string, Func<LayerConfig, Layer>> CustomLayers { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Classes by another name: the file's registered name (<c>Package&gt;Name</c>) or class name, and the class to take instead.</summary>
    /// <remarks>For subclasses that change nothing (<c>["MyDense"] = "Dense"</c>), and for classes of the author's that were renamed.</remarks>
    public Dictionary<string, string> RenamedClasses { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What Lambda layers of one input compute, by layer name. A Lambda's code is never run.</summary>
    /// <remarks>The function stands for the whole call: the layer's <c>arguments</c> are its author's to know.</remarks>
    public Dictionary<string, Func<GraphBuilder, Value, Value>> Lambdas { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What Lambda layers of several inputs, or outputs, compute, by layer name: <c>(g, x) => [g.Sub(x[0], x[1])]</c>.</summary>
    public Dictionary<string, Func<GraphBuilder, IReadOnlyList<Value>, IReadOnlyList<Value>>> MultiInputLambdas { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Functions of the model's author by the name the file has for them: activations, and what Lambda layers call.</summary>
    public Dictionary<string, Func<GraphBuilder, Value, Value>> Functions { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Whether keys and arguments that no layer knows fail the load. What is known and cannot be honoured fails it in either mode.</summary>
    public LoadMode Mode { get; init; } = LoadMode.Strict;

    /// <summary>What was ignored under <see cref="LoadMode.Lenient"/>, filled by the load.</summary>
    public List<Problem> Ignored { get; } = [];

    /// <summary>The backend that trained a Keras 1 model, where its weight names would mislead: <c>theano</c> or <c>tensorflow</c>.</summary>
    public string? Backend { get; init; }

    /// <summary>The input's shape of a Sequential that was never built and so does not have it: Keras's <c>input_shape</c>, the axes after the batch.</summary>
    /// <remarks>
    /// <c>[784]</c>, <c>[28, 28, 1]</c>; null where a call decides: <c>[null, 32]</c>. Of a file that has its input shape it may say the same and nothing else.
    /// </remarks>
    public IReadOnlyList<int?>? InputShape { get; init; }

    /// <summary>The limits, with the token that stops the load.</summary>
    internal ReadLimits Reading => CancellationToken.CanBeCanceled ? Limits with { CancellationToken = CancellationToken } : Limits;
}

/// <summary>How unknown config keys, and arguments of calls that a layer does not take, are met.</summary>
public enum LoadMode
{
    /// <summary>They fail the load unless their value is neutral.</summary>
    Strict,

    /// <summary>They are reported in <see cref="LoadOptions.Ignored"/>.</summary>
    Lenient,
}
