using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>A comparison of elements; the result is bool. False is less than true; a comparison with NaN is false.</summary>
public abstract record ComparisonOp : BinaryOp, INumericKernel
{
    /// <inheritdoc/>
    protected override DType ResultType(DType type) => DType.Bool;

    /// <summary>True where texts can be compared.</summary>
    private protected virtual bool TakesText => false;

    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs)
    {
        if (inputs.DType(0) == DType.String && !TakesText)
        {
            throw inputs.Fail("text", "numbers or bool");
        }
    }

    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Input(0).DType switch
    {
        DType.Bool => Make<byte>(binding),
        DType.String => MakeText(binding),
        _ => binding.Numeric(this),
    };

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>;

    internal virtual CpuKernel MakeText(CpuBinding binding) =>
        throw new InvalidOperationException($"{Name} does not take text.");
}
