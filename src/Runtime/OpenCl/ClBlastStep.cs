using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>A product by CLBlast.</summary>
/// <param name="Text">The operators it computes.</param>
/// <param name="Library">CLBlast.</param>
/// <param name="Product">Operands, sizes and where each product begins.</param>
/// <param name="Left">How the left operand lies.</param>
/// <param name="Right">How the right operand lies.</param>
internal sealed record ClBlastStep(string Text, ClBlastApi Library, Product Product, BlasMatrix Left, BlasMatrix Right) : PlanStep(Text)
{
    private readonly nuint[][] _starts = [.. Enumerable.Range(0, 3).Select(operand => Enumerable.Range(0, Product.Count).Select(i => (nuint)(Product.Offsets?[(4 * i) + operand] ?? 0)).ToArray())];
    private readonly float[] _ones = [.. Enumerable.Repeat(1f, Product.Count)], _zeros = new float[Product.Count];

    public override void Run(OpenClContext context, OpenClFrame frame, int number, OpenClCounters counters)
    {
        nint left = frame.Buffers[Product.Left.Index], right = frame.Buffers[Product.Right.Index], result = frame.Buffers[Product.Result.Index];
        int lead = Math.Max(Product.ResultStride, Product.Columns);
        if (Product.Offsets is null)
        {
            Library.Multiply(frame.Queue, Product.Rows, Product.Columns, Product.Inner, left, Left, right, Right, result, lead);
        }
        else
        {
            Library.Multiply(
                frame.Queue, Product.Rows, Product.Columns, Product.Inner, left, Left, _starts[0], right, Right, _starts[1], result, lead, _starts[2], _ones, _zeros);
        }
    }
}
