using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that computes each element from the one element at the same place.</summary>
public abstract record UnaryOp : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [inputs.Type(0)];
}

/// <summary>A <see cref="UnaryOp"/> on numbers: floating and integer types.</summary>
public abstract record NumericUnaryOp : UnaryOp, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireNumeric(0);
        return base.Infer(inputs);
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A <see cref="UnaryOp"/> on floating types alone.</summary>
public abstract record FloatingUnaryOp : UnaryOp, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireFloating(0);
        return base.Infer(inputs);
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A test that each element passes or fails; the result is bool.</summary>
public abstract record FloatingTestOp : FloatingUnaryOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        [base.Infer(inputs)[0] with { DType = DType.Bool }];
}
