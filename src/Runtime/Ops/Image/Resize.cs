using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// Images (batch, height, width, channels) at another size, as TensorFlow's <c>tf.image.resize</c> computes them. ONNX Resize has most of
/// it, with the channels first.
/// </summary>
/// <param name="Height">The new height.</param>
/// <param name="Width">The new width.</param>
/// <param name="Interpolation">How pixels of the result are computed.</param>
/// <param name="Antialias">Whether a kernel is stretched when the image gets smaller, so that no pixel is skipped.</param>
/// <param name="HalfPixelCenters">Whether a pixel is an area whose centre lies at its index + ½; false for nearest and bilinear of Keras 2.2 and 2.3.</param>
public sealed record Resize(Dim Height, Dim Width, Interpolation Interpolation, bool Antialias = false, bool HalfPixelCenters = true) : Op, IFloatingKernel, IMovingKernel
{
    internal override bool TakesAnyType => Interpolation == Interpolation.Nearest;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        if (x.Rank != 4)
        {
            throw inputs.Fail($"a value of shape {x}", "images (batch, height, width, channels)");
        }

        return [new TensorType(inputs.DType(0), new SymbolicShape(x[0], Height, Width, x[3]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) =>
        binding.Output(0).Length == 0 ? static _ => { }
        : Interpolation == Interpolation.Nearest ? binding.Moving(this, binding.Input(0).DType)
        : binding.Floating(this);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int[] rows = ResizeAxis.Nearest(x.Shape[1], y.Shape[1], HalfPixelCenters), columns = ResizeAxis.Nearest(x.Shape[2], y.Shape[2], HalfPixelCenters);
        int height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3];
        return frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<T> to = frame.Span<T>(y);
            for (int image = 0, at = 0; image < x.Shape[0]; image++)
            {
                foreach (int row in rows)
                {
                    foreach (int column in columns)
                    {
                        from.Slice(((((image * height) + row) * width) + column) * channels, channels).CopyTo(to[at..]);
                        at += channels;
                    }
                }
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text is no image.");

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3];
        if (y.Shape == x.Shape)
        {
            return frame => frame.Bytes(x).CopyTo(frame.Bytes(y));
        }

        ResizeAxis rows = ResizeAxis.Of(height, y.Shape[1], Interpolation, Antialias, HalfPixelCenters);
        ResizeAxis columns = ResizeAxis.Of(width, y.Shape[2], Interpolation, Antialias, HalfPixelCenters);
        T[] rowWeights = [.. rows.Weights.Select(T.CreateChecked)], columnWeights = [.. columns.Weights.Select(T.CreateChecked)];
        Slot line = binding.Workspace(x.DType, width * channels);
        return frame =>
        {
            // First the lines of the input that a line of the result needs are added up, then the places along it.
            Span<T> sum = frame.Span<T>(line), to = frame.Span<T>(y);
            for (int i = 0, at = 0; i < y.Shape[0] * y.Shape[1]; i++)
            {
                (int image, int row) = (i / y.Shape[1], i % y.Shape[1]);
                ReadOnlySpan<T> from = frame.Span<T>(x)[(((image * height) + rows.Starts[row]) * sum.Length)..];
                Add(from, sum.Length, rowWeights.AsSpan(row * rows.Taps, rows.Taps), sum);
                for (int column = 0; column < columns.Starts.Length; column++, at += channels)
                {
                    Add(sum[(columns.Starts[column] * channels)..], channels, columnWeights.AsSpan(column * columns.Taps, columns.Taps), to.Slice(at, channels));
                }
            }
        };
    }

    /// <summary>Sums rows that follow each other, each times its weight.</summary>
    private static void Add<T>(ReadOnlySpan<T> rows, int stride, ReadOnlySpan<T> weights, Span<T> sum)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        TensorPrimitives.Multiply(rows[..sum.Length], weights[0], sum);
        for (int tap = 1; tap < weights.Length; tap++)
        {
            if (weights[tap] != T.Zero)
            {
                TensorPrimitives.MultiplyAdd(rows.Slice(tap * stride, sum.Length), weights[tap], sum, sum);
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Images (batch, height, width, channels) at another size.</summary>
    public Value Resize(Value images, Dim height, Dim width, Interpolation interpolation, bool antialias = false, bool halfPixelCenters = true) =>
        Apply(new Resize(height, width, interpolation, antialias, halfPixelCenters), images);
}
