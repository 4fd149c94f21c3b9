using KerasCompat.Containers;

namespace KerasCompat.Dialects;

/// <summary>What a dialect must know beside the architecture itself.</summary>
public sealed record DialectOptions
{
    /// <summary>The Keras version that wrote the architecture (<c>2.2.4-tf</c>); null where nothing says so, then the architecture's own keys tell.</summary>
    public string? KerasVersion { get; init; }

    /// <summary>The backend that trained the weights (<c>tensorflow</c>, <c>theano</c>, …). Null: the file's, else told by Keras 1's weight names.</summary>
    /// <remarks>Theano convolves where the others correlate, so its kernels are stored flipped. A caller who knows better than the file sets this.</remarks>
    public string? Backend { get; init; }

    /// <summary>The order of image axes (<c>channels_first</c>, <c>channels_last</c>) of Keras 1 layers that do not record it. Null: that of the model's convolutions.</summary>
    public string? DataFormat { get; init; }

    /// <summary>The stored weights, where they are listed by layer: their names tell Keras 1's backend, their shapes what Keras 1 does not record.</summary>
    public LayerWeights? Weights { get; init; }

    /// <summary>True where Keras 1 stored the weights, whoever wrote the architecture. Of a Keras 1 architecture it is taken for granted.</summary>
    public bool HasKeras1Weights { get; init; }

    /// <summary>How deep models may nest.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>What a file says about itself.</summary>
    /// <param name="architecture">The file that holds the architecture.</param>
    /// <param name="weights">The file that holds the weights, where it is another.</param>
    public static DialectOptions For(KerasFile architecture, KerasFile? weights = null)
    {
        var stored = (weights ?? architecture).Weights as LayerWeights;
        return new DialectOptions
        {
            KerasVersion = architecture.KerasVersion,
            Backend = stored?.Backend ?? weights?.Backend ?? architecture.Backend,
            Weights = stored,

            // From Keras 2 on the group of the weights names its version.
            HasKeras1Weights = stored is { KerasVersion: null } && (weights ?? architecture).Kind is ContainerKind.LayerWeightsHdf5 or ContainerKind.WholeModelHdf5,
        };
    }
}
