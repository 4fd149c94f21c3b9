using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator with its attributes. Names and meanings are ONNX's where ONNX has the operator.</summary>
/// <remarks>
/// A record: two operators with equal attributes are equal. Operators are pure; what they compute depends on their inputs and
/// attributes alone. One file in <c>Ops/</c> holds the attributes, the inference of shapes, the CPU kernel and the
/// <see cref="GraphBuilder"/> method that applies it.
/// </remarks>
public abstract record Op
{
    /// <summary>ONNX's name of the operator.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Element types and shapes of the outputs.</summary>
    /// <exception cref="ModelFormatException">The inputs do not fit the operator.</exception>
    public abstract IReadOnlyList<TensorType> Infer(OpInference inputs);

    /// <summary>The elements of the outputs as sizes, where they follow from shapes; null where they do not.</summary>
    public virtual IReadOnlyList<Dim>? InferContent(OpInference inputs) => null;

    /// <summary>True where the output is the first input's memory under another shape.</summary>
    public virtual bool IsView => false;

    /// <summary>True where the kernel takes every element type as it comes, because it only moves elements.</summary>
    /// <remarks>Otherwise the executor hands 16-bit floats on as float32 and small integers as int64, and rounds the results.</remarks>
    internal virtual bool TakesAnyType => false;

    /// <summary>True where elements, not only shapes, decide the shapes of the outputs; such an op is a <see cref="DynamicOp"/>.</summary>
    internal virtual bool IsDynamic => false;

    /// <summary>Makes the CPU kernel for concrete shapes.</summary>
    internal abstract CpuKernel Bind(CpuBinding binding);
}

/// <summary>An operator whose output shapes depend on its inputs' elements, such as NonZero.</summary>
public abstract record DynamicOp : Op
{
    internal sealed override bool IsDynamic => true;

    internal sealed override CpuKernel Bind(CpuBinding binding) =>
        throw new InvalidOperationException($"{Name} is run by the interpreter.");

    /// <summary>Computes the outputs, whatever their shapes turn out to be.</summary>
    public abstract IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs);
}
