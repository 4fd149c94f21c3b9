namespace KerasCompat.Runtime;

/// <summary>How models are kept and computed on an OpenCL device.</summary>
public sealed record OpenClOptions
{
    /// <summary>The type in which the device keeps the float32 weights of products, convolutions, recurrent nets and embeddings: float32, or float16 for half the memory.</summary>
    /// <remarks>
    /// In float16 each such weight is rounded once, by at most 2⁻¹¹ of itself (2⁻²⁵ below 2⁻¹⁴); sums, activations, states and all other
    /// weights stay float32. Weights that are float16 in the model are kept so in either case, and lose nothing.
    /// </remarks>
    public DType Storage { get; init; } = DType.Float32;

    /// <summary>What multiplies matrices; this library's own kernels unless told.</summary>
    public MatrixProducts Products { get; init; } = MatrixProducts.Own;
}
