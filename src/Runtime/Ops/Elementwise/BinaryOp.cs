using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that computes each element from two elements, with numpy's broadcasting. Both inputs have one element type.</summary>
public abstract record BinaryOp : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireSameType(0, 1);
        RequireType(inputs);
        return [new TensorType(ResultType(inputs.DType(0)), inputs.Broadcast(inputs.Shape(0), inputs.Shape(1)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs)
    {
        if (inputs.Shape(0).Rank > 1 || inputs.Shape(1).Rank > 1
            || inputs.Content(0) is not { } a || inputs.Content(1) is not { } b
            || (a.Count != b.Count && a.Count != 1 && b.Count != 1))
        {
            return null;
        }

        var sizes = new Dim[a.Count == 1 ? b.Count : a.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (Content(a[a.Count == 1 ? 0 : i], b[b.Count == 1 ? 0 : i]) is not { } size)
            {
                return null;
            }

            sizes[i] = size;
        }

        return sizes;
    }

    /// <summary>The element type of the result.</summary>
    protected virtual DType ResultType(DType type) => type;

    /// <summary>The operator on sizes, for shapes computed in the graph; null where sizes have no such operation.</summary>
    protected virtual Dim? Content(Dim a, Dim b) => null;

    /// <summary>Fails where the operator has no meaning for the inputs' element type.</summary>
    protected virtual void RequireType(OpInference inputs)
    {
    }
}

/// <summary>A <see cref="BinaryOp"/> on numbers: floating and integer types.</summary>
public abstract record NumericBinaryOp : BinaryOp, INumericKernel
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireNumeric(0);

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A <see cref="BinaryOp"/> on floating types alone.</summary>
public abstract record FloatingBinaryOp : BinaryOp, IFloatingKernel
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireFloating(0);

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A <see cref="BinaryOp"/> on integers alone.</summary>
public abstract record IntegerBinaryOp : BinaryOp, IIntegerKernel
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireInteger(0);

    internal override CpuKernel Bind(CpuBinding binding) => binding.Integer(this);

    CpuKernel IIntegerKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>A <see cref="BinaryOp"/> on numbers that is written once for floating and once for integer types.</summary>
public abstract record ArithmeticBinaryOp : BinaryOp, IFloatingKernel, IIntegerKernel
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireNumeric(0);

    internal override CpuKernel Bind(CpuBinding binding) =>
        binding.Input(0).DType.IsFloating() ? binding.Floating(this) : binding.Integer(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => MakeFloating<T>(binding);

    CpuKernel IIntegerKernel.Make<T>(CpuBinding binding) => MakeInteger<T>(binding);

    internal abstract CpuKernel MakeFloating<T>(CpuBinding binding)
        where T : unmanaged, IFloatingPointIeee754<T>;

    internal abstract CpuKernel MakeInteger<T>(CpuBinding binding)
        where T : unmanaged, IBinaryInteger<T>;
}
