using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The operators that have kernels of their own; element-wise ones are written into kernels as they come.</summary>
internal static class DeviceKernels
{
    /// <summary>Adds the steps that compute a node on the device; false, and nothing added, where it has no kernel for its types or attributes.</summary>
    public static bool TryBind(Node node, OpenClPlan plan, string text)
    {
        var binding = new DeviceBinding(node, plan, text);
        if (!binding.HasTypes || !Bind(node.Op, binding))
        {
            return false;
        }

        binding.Complete();
        return true;
    }

    private static bool Bind(Op op, DeviceBinding b) => op switch
    {
        StridedOp strided => MovementKernels.Strided(strided, b),
        MatMul => ProductKernels.Multiply(new FusedMatMul(), b),
        FusedMatMul product => ProductKernels.Multiply(product, b),
        Conv conv => ProductKernels.Convolve(conv, b),
        ConvTranspose conv => ProductKernels.ConvolveTransposed(conv, b),
        Concat concat => MovementKernels.Join(concat, b),
        Split split => MovementKernels.Cut(split, b),
        Pad pad => MovementKernels.Padded(pad, b),
        Roll roll => MovementKernels.Turned(roll, b),
        Trilu triangle => MovementKernels.Triangle(triangle, b),
        Resize { Interpolation: Interpolation.Nearest } resize => MovementKernels.Nearest(resize, b),
        Resize resize => ResizeKernels.Filter(resize, b),
        ConstantOfShape constant => MovementKernels.Fill(constant, b),
        TopK best => SearchKernels.Best(best, b),
        GatherND gather => IndexKernels.GatherTuples(gather, b),
        Gather gather => IndexKernels.Gather(gather, b),
        GatherElements gather => IndexKernels.GatherElements(gather, b),
        OneHot hot => IndexKernels.OneHot(hot, b),
        MaxPool pool => WindowKernels.Max(pool, b),
        AveragePool pool => WindowKernels.Average(pool, b),
        AdaptivePool pool => WindowKernels.Adaptive(pool, b),
        DepthwiseConv conv => WindowKernels.Depthwise(conv, b),
        ExtractPatches patches => WindowKernels.Patches(patches, b),
        ReduceLogSumExp reduce => ReductionKernels.LogSumExp(reduce, b),
        ReduceOp reduce => ReductionKernels.Reduce(reduce, b),
        ArgOp find => SearchKernels.Find(find, b),
        CumulativeOp cumulative => CumulativeKernels.Cumulate(cumulative, b),
        Softmax softmax => NormalizationKernels.Softmax(softmax.Axis, logarithm: false, b),
        LogSoftmax softmax => NormalizationKernels.Softmax(softmax.Axis, logarithm: true, b),
        LayerNormalization layer => NormalizationKernels.Normalize(LayerNormalization.Layout(b.Shape(0), layer.Axes), layer.Epsilon, centred: true, b),
        RMSNormalization layer => NormalizationKernels.Normalize(LayerNormalization.Layout(b.Shape(0), layer.Axes), layer.Epsilon, centred: false, b),
        GroupNormalization group => NormalizationKernels.Normalize(group.Layout(b.Shape(0)), group.Epsilon, centred: true, b),
        RecurrentOp net => RecurrentKernels.Run(net, b),
        EmbeddedRecurrence net => RecurrentKernels.Run(net, b),
        Scan scan => ScanStep.Bind(scan, b),
        _ => false,
    };
}
