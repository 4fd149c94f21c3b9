using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>How a file is loaded: limits, bindings for what a file cannot carry, strictness.</summary>
public sealed class LoadOptions
{
    /// <summary>Limits on reading.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>What computes the model.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Layer classes of the model's author, by registered name (<c>Package&gt;Name</c>) or class name.</summary>
    public Dictionary<string, Func<LayerConfig, Layer>> CustomLayers { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What Lambda layers compute, by layer name. A Lambda's code is never run.</summary>
    public Dictionary<string, Func<GraphBuilder, Value, Value>> Lambdas { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Activation functions of the model's author, by name.</summary>
    public Dictionary<string, Func<GraphBuilder, Value, Value>> Functions { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Whether config keys that no layer knows fail the load.</summary>
    public LoadMode Mode { get; init; } = LoadMode.Strict;

    /// <summary>What was ignored under <see cref="LoadMode.Lenient"/>, filled by the load.</summary>
    public List<Problem> Ignored { get; } = [];

    /// <summary>The backend that trained a Keras 1 model, where its weight names would mislead: <c>theano</c> or <c>tensorflow</c>.</summary>
    public string? Backend { get; init; }
}

/// <summary>How unknown config keys are met.</summary>
public enum LoadMode
{
    /// <summary>They fail the load unless their value is neutral.</summary>
    Strict,

    /// <summary>They are reported in <see cref="LoadOptions.Ignored"/>.</summary>
    Lenient,
}
