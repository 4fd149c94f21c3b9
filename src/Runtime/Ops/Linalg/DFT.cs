using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The discrete Fourier transform along the last axis, <c>Y[k] = Σ x[j]·e^(−2πi·jk/n)</c>; the inverse has the other sign and
/// divides by n. Complex numbers are pairs of values. ONNX DFT, which takes the pairs along an axis of their own.
/// Inputs: real part, imaginary part?. Outputs: real part, imaginary part.
/// </summary>
/// <param name="Inverse">Whether it is the inverse.</param>
public sealed record DFT(bool Inverse) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireFloating(0);
        TensorType part = inputs.Type(0);
        if (inputs.Has(1))
        {
            inputs.RequireSameType(0, 1);
            part = part with { Shape = inputs.Broadcast(part.Shape, inputs.Shape(1)) };
        }

        return part.Shape.Rank > 0 ? [part, part] : throw inputs.Fail($"{part}", "vectors");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot re = binding.Input(0), outRe = binding.Output(0), outIm = binding.Output(1);
        Slot? im = binding.Has(1) ? binding.Input(1) : null;
        if (im is { } other && other.Shape != re.Shape)
        {
            throw new ArgumentException($"Real part {re.Shape} and imaginary part {other.Shape} have not one shape.");
        }

        int n = re.Shape[-1];
        FourierTransform transform = binding.Shared((typeof(FourierTransform), n), () => new FourierTransform(n));
        Slot memory = binding.Workspace(DType.Float64, transform.Memory);
        double scale = Inverse ? 1.0 / n : 1;
        return frame =>
        {
            Span<double> work = frame.Span<double>(memory);
            Span<double> x = work[..n], y = work.Slice(n, n), rest = work[(2 * n)..];
            for (int at = 0; at < re.Length; at += n)
            {
                Read<T>(frame.Span<T>(re).Slice(at, n), x);
                if (im is { } imaginary)
                {
                    Read<T>(frame.Span<T>(imaginary).Slice(at, n), y);
                }
                else
                {
                    y.Clear();
                }

                // The inverse is the transform with both parts exchanged, before and after.
                transform.Run(Inverse ? y : x, Inverse ? x : y, rest);
                Write(x, frame.Span<T>(outRe).Slice(at, n), scale);
                Write(y, frame.Span<T>(outIm).Slice(at, n), scale);
            }
        };
    }

    private static void Read<T>(ReadOnlySpan<T> x, Span<double> y)
        where T : INumber<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = double.CreateTruncating(x[i]);
        }
    }

    private static void Write<T>(ReadOnlySpan<double> x, Span<T> y, double scale)
        where T : INumber<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.CreateTruncating(x[i] * scale);
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The discrete Fourier transform along the last axis; no imaginary part is zero.</summary>
    public (Value Real, Value Imaginary) FFT(Value real, Value? imaginary = null) => Transformed(new DFT(Inverse: false), real, imaginary);

    /// <summary>The inverse discrete Fourier transform along the last axis.</summary>
    public (Value Real, Value Imaginary) IFFT(Value real, Value imaginary) => Transformed(new DFT(Inverse: true), real, imaginary);

    /// <summary>The two-dimensional transform along the last two axes.</summary>
    public (Value Real, Value Imaginary) FFT2(Value real, Value? imaginary = null, bool inverse = false)
    {
        (Value re, Value im) = Transformed(new DFT(inverse), real, imaginary);
        (re, im) = Transformed(new DFT(inverse), SwapAxes(re, -2, -1), SwapAxes(im, -2, -1));
        return (SwapAxes(re, -2, -1), SwapAxes(im, -2, -1));
    }

    /// <summary>The first half, <c>length/2 + 1</c> numbers, of a real value's transform. The axis is cut or filled with zeros to the length.</summary>
    public (Value Real, Value Imaginary) RFFT(Value x, int? length = null)
    {
        Value fitted = length is { } wanted ? Fitted(x, wanted) : x;
        (Value re, Value im) = FFT(fitted);
        Dim half = Dim.FloorDiv(fitted.Shape[-1], 2) + 1;
        return (Slice(re, -1, 0, half), Slice(im, -1, 0, half));
    }

    /// <summary>The real value of a length whose transform has this first half; undoes <see cref="RFFT"/>.</summary>
    /// <param name="real">The real part.</param>
    /// <param name="imaginary">The imaginary part; that of the first number, and of the middle one, is taken as zero.</param>
    /// <param name="length">The length of the result; none is twice the half's last place.</param>
    public Value IRFFT(Value real, Value imaginary, int? length = null)
    {
        int n = length ?? (2 * (real.Shape[-1].Value - 1)), half = (n / 2) + 1;
        (Value re, Value im) = (Fitted(real, half), Fitted(imaginary, half));

        // The other half mirrors the first, conjugated; the numbers that mirror themselves are real.
        int mirrored = n - half;
        Value zero = Zeros(im.Shape.With(-1, 1), im.DType);
        Value inner = n % 2 == 0 ? Concat([zero, Slice(im, -1, 1, half - 1), zero], -1) : Concat([zero, Slice(im, -1, 1)], -1);
        Value wholeRe = mirrored == 0 ? re : Concat([re, Reverse(Slice(re, -1, 1, 1 + mirrored), -1)], -1);
        Value wholeIm = mirrored == 0 ? Slice(inner, -1, 0, n) : Concat([inner, Neg(Reverse(Slice(inner, -1, 1, 1 + mirrored), -1))], -1);
        return IFFT(Slice(wholeRe, -1, 0, n), wholeIm).Real;
    }

    private (Value Real, Value Imaginary) Transformed(DFT op, Value real, Value? imaginary)
    {
        IReadOnlyList<Value> outputs = ApplyAll(op, real, imaginary);
        return (outputs[0], outputs[1]);
    }

    /// <summary>The last axis cut or filled with zeros to a length.</summary>
    private Value Fitted(Value x, int length)
    {
        Value cut = Slice(x, -1, 0, length);
        Dim missing = length - cut.Shape[-1];
        return missing == Dim.Zero ? cut
            : missing.IsConstant ? Pad(cut, EquatableList.Repeat(0, x.Rank), [.. Enumerable.Repeat(0, x.Rank - 1), missing.Value])
            : Reshape(Slice(Pad(x, EquatableList.Repeat(0, x.Rank), [.. Enumerable.Repeat(0, x.Rank - 1), length]), -1, 0, length), x.Shape.With(-1, length));
    }
}
