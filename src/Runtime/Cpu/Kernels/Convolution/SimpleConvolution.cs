using System.Numerics;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Convolutions written as their definitions, for any number type: float64 runs on these, and the fast ones are tested
/// against them.
/// </summary>
internal static class SimpleConvolution
{
    /// <summary>Kernel (spatial…, channels / groups, filters).</summary>
    public static void Convolve<T>(
        ReadOnlySpan<T> x, WindowGeometry geometry, ReadOnlySpan<T> kernel, int filters, int groups, ReadOnlySpan<T> bias, Span<T> y)
        where T : struct, INumber<T>
    {
        int groupChannels = geometry.Channels / groups;
        int groupFilters = filters / groups;
        foreach (Window window in new Windows(geometry))
        {
            Span<T> target = y.Slice(window.Output * filters, filters);
            Begin(target, bias, window.IsFirst);
            for (int filter = 0; filter < filters && window.Input >= 0; filter++)
            {
                int firstChannel = filter / groupFilters * groupChannels;
                for (int channel = 0; channel < groupChannels; channel++)
                {
                    target[filter] += x[(window.Input * geometry.Channels) + firstChannel + channel]
                        * kernel[(((window.Tap * groupChannels) + channel) * filters) + filter];
                }
            }
        }
    }

    /// <summary>Kernel (spatial…, channels, multiplier).</summary>
    public static void ConvolveDepthwise<T>(
        ReadOnlySpan<T> x, WindowGeometry geometry, ReadOnlySpan<T> kernel, int multiplier, ReadOnlySpan<T> bias, Span<T> y)
        where T : struct, INumber<T>
    {
        int filters = geometry.Channels * multiplier;
        foreach (Window window in new Windows(geometry))
        {
            Span<T> target = y.Slice(window.Output * filters, filters);
            Begin(target, bias, window.IsFirst);
            for (int filter = 0; filter < filters && window.Input >= 0; filter++)
            {
                target[filter] += x[(window.Input * geometry.Channels) + (filter / multiplier)] * kernel[(window.Tap * filters) + filter];
            }
        }
    }

    /// <summary>Kernel (spatial…, filters, input channels); the geometry is <see cref="TransposedConvolution"/>'s.</summary>
    public static void ConvolveTransposed<T>(
        ReadOnlySpan<T> x, WindowGeometry geometry, ReadOnlySpan<T> kernel, int inputChannels, ReadOnlySpan<T> bias, Span<T> y)
        where T : struct, INumber<T>
    {
        int filters = geometry.Channels;
        for (int position = 0; position < geometry.InputPositions; position++)
        {
            Begin(y.Slice(position * filters, filters), bias, isFirst: true);
        }

        foreach (Window window in new Windows(geometry))
        {
            for (int filter = 0; filter < filters && window.Input >= 0; filter++)
            {
                for (int channel = 0; channel < inputChannels; channel++)
                {
                    y[(window.Input * filters) + filter] += x[(window.Output * inputChannels) + channel]
                        * kernel[(((window.Tap * filters) + filter) * inputChannels) + channel];
                }
            }
        }
    }

    private static void Begin<T>(Span<T> target, ReadOnlySpan<T> bias, bool isFirst)
        where T : struct
    {
        if (isFirst && bias.IsEmpty)
        {
            target.Clear();
        }
        else if (isFirst)
        {
            bias.CopyTo(target);
        }
    }
}
