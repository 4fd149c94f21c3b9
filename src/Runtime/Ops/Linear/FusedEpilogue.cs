using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// What an operator does to a product before it hands it on: <c>activation(product + bias + residual)</c>. The vector kernels do it
/// while the product is in registers or in cache; what they do not know is done afterwards.
/// </summary>
internal sealed unsafe class FusedEpilogue
{
    private readonly Slot? _bias, _residual;
    private readonly Slot _y;
    private readonly Activation _activation;
    private readonly CpuKernel? _after;
    private readonly bool _addsAfter;

    /// <param name="binding">The operator's binding; its first output is the product.</param>
    /// <param name="bias">Which input has one number for each column, if any.</param>
    /// <param name="residual">Which input is added to the product, if any.</param>
    /// <param name="activation">The activation, if any.</param>
    /// <param name="addsResidualAfter">Whether the kernel cannot add the residual.</param>
    public FusedEpilogue(CpuBinding binding, int? bias, int? residual, Op? activation, bool addsResidualAfter = false)
    {
        _y = binding.Output(0);
        _bias = bias is { } b && binding.Has(b) ? binding.Input(b) : null;
        _residual = residual is { } r && binding.Has(r) ? binding.Input(r) : null;
        _addsAfter = _residual is not null && (addsResidualAfter || _y.DType != DType.Float32);
        if (activation is not null && (_addsAfter || _y.DType != DType.Float32 || !KernelActivation.TryGet(activation, out _activation)))
        {
            _after = binding.Inner(activation, _y, _y);
        }
    }

    /// <summary>The epilogue for a kernel of float32, over rows of so many columns.</summary>
    public Epilogue For(CpuFrame frame, int columns) => new()
    {
        Bias = _bias is { } bias ? frame.Pointer<float>(bias) : null,
        Residual = _residual is { } residual && !_addsAfter ? frame.Pointer<float>(residual) : null,
        ResidualStride = columns,
        Activation = _activation,
    };

    /// <summary>The bias for a plain loop; empty where there is none.</summary>
    public ReadOnlySpan<T> Bias<T>(CpuFrame frame)
        where T : unmanaged => _bias is { } bias ? frame.Span<T>(bias) : default;

    /// <summary>What the kernel left to do.</summary>
    public void Finish<T>(CpuFrame frame)
        where T : unmanaged, INumber<T>
    {
        if (_addsAfter)
        {
            Span<T> y = frame.Span<T>(_y);
            TensorPrimitives.Add(y, frame.Span<T>(_residual!.Value), y);
        }

        _after?.Invoke(frame);
    }
}
