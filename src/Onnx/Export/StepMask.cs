using KerasCompat.Onnx.Building;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>
/// A mask (batch, time) of any pattern for an operator that knows only lengths: the steps that count are moved to the front, the operator
/// runs over so many, and its results are moved to where their steps were.
/// </summary>
/// <remarks>
/// Of steps a · b c · (· is masked) the operator sees a b c with length 3. Step t's result is the one after as many steps as count up to t:
/// forward y0 y0 y1 y2 y2; backward, where result i comes after all steps from i on, y0 y1 y1 y2 and nothing yet at the end.
/// </remarks>
internal sealed class StepMask(OnnxGraphBuilder onnx, string mask)
{
    private string Count => onnx.Cast(mask, DType.Int32);

    /// <summary>How many steps of each row count: int32 (batch).</summary>
    public string Lengths => onnx.Once(mask, "lengths", () => onnx.Reduce("ReduceSum", Count, [1], keepDims: false));

    /// <summary>True for rows of which some step counts: bool (batch, 1).</summary>
    public string AnyCounts => onnx.Once(mask, "any", () => onnx.Unsqueeze(onnx.Add("Greater", Lengths, onnx.Scalar(0, DType.Int32)), 1));

    /// <summary>(batch, time, …) with the steps that count in front.</summary>
    public string ToFront(string x) => onnx.Once(x, $"front {mask}", () => onnx.Add("GatherND", [x, FrontIndices], ("batch_dims", 1)));

    /// <summary>Results (batch, time, units) of the steps that count, moved to where their steps were.</summary>
    /// <param name="y">The results.</param>
    /// <param name="backward">Whether the operator began with the last step.</param>
    /// <param name="zeros">Whether masked steps give zeros; else the result before them, which is zeros at first.</param>
    /// <param name="type">The element type.</param>
    public string Back(string y, bool backward, bool zeros, DType type)
    {
        string moved = onnx.Add("GatherND", [y, backward ? BackwardIndices : ForwardIndices], ("batch_dims", 1));
        return onnx.Add("Where", zeros ? Masked : backward ? SomeFollow : SomePrecede, moved, onnx.Scalar(0, type));
    }

    /// <summary>The places of the steps that count, then those of the others. TopK leaves equals in their order.</summary>
    private string FrontIndices => onnx.Once(mask, "front", () =>
    {
        string time = onnx.SizeOf(mask, 1);
        string places = onnx.AddAll("TopK", 2, [Count, time], ("axis", 1), ("largest", true), ("sorted", true))[1];
        return onnx.Unsqueeze(places, 2);
    });

    /// <summary>How many steps count up to each.</summary>
    private string UpTo => onnx.Once(mask, "upto", () => onnx.Add("CumSum", Count, onnx.Index(1)));

    private string ForwardIndices => onnx.Once(mask, "forward", () =>
        Indices(onnx.Add("Max", onnx.Add("Sub", UpTo, onnx.Scalar(1, DType.Int32)), onnx.Scalar(0, DType.Int32))));

    private string BackwardIndices => onnx.Once(mask, "backward", () =>
    {
        string before = onnx.Add("Sub", UpTo, Count);
        string last = onnx.Add("Sub", onnx.Cast(onnx.SizeOf(mask, 1), DType.Int32), onnx.Scalar(1, DType.Int32));
        return Indices(onnx.Add("Min", before, last));
    });

    private string SomePrecede => onnx.Once(mask, "precede", () => onnx.Unsqueeze(onnx.Add("Greater", UpTo, onnx.Scalar(0, DType.Int32)), 2));

    private string SomeFollow => onnx.Once(mask, "follow", () =>
    {
        string before = onnx.Add("Sub", UpTo, Count);
        return onnx.Unsqueeze(onnx.Add("Less", before, onnx.Unsqueeze(Lengths, 1)), 2);
    });

    private string Masked => onnx.Once(mask, "masked", () => onnx.Unsqueeze(mask, 2));

    private string Indices(string places) => onnx.Unsqueeze(onnx.Cast(places, DType.Int64), 2);
}
