using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>How close numbers must come that another program computes by the same formulas.</summary>
internal static class ComputedTolerance
{
    /// <summary>Weights rounded to float16 change numbers by about this much of the largest.</summary>
    private const double RoundedWeights = 2e-2;

    /// <summary>Sums in another order change numbers by about this much of the largest; 16-bit types by more.</summary>
    private const double OtherOrder = 2e-5, HalfWidth = 1e-2;

    /// <summary>Numbers below this are held against it, not against the largest.</summary>
    private const double Smallest = 1e-3;

    /// <summary>The difference allowed for a model's outputs, as a part of the largest number.</summary>
    public static double PartFor(KerasModel model, ExportRequest request) => PartFor(model, request.Onnx.WeightType == DType.Float16);

    /// <inheritdoc cref="PartFor(KerasModel, ExportRequest)"/>
    /// <param name="model">The model.</param>
    /// <param name="roundsWeights">Whether one side has its weights rounded to float16.</param>
    public static double PartFor(KerasModel model, bool roundsWeights) => roundsWeights ? RoundedWeights
        : model.Graph.Nodes.Any(n => n.Outputs.Any(o => o.DType.IsHalfWidth())) ? HalfWidth
        : OtherOrder;

    /// <summary>The tolerance for an output.</summary>
    /// <param name="want">What is expected of it.</param>
    /// <param name="part">The difference allowed, as a part of the largest number.</param>
    public static Tolerance Of(Tensor want, double part)
    {
        double largest = want.DType == DType.String || want.Length == 0 ? 1 : want.Cast(DType.Float64).As<double>().ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new Tolerance(part * Math.Max(largest, Smallest), part);
    }
}
