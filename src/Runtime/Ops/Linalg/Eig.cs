using System.Numerics;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime;

/// <summary>
/// Eigenvalues and eigenvectors (columns, of length 1, the largest component real) of a real matrix, each as real and imaginary
/// parts. The order of the eigenvalues is not determined. numpy's <c>linalg.eig</c>.
/// </summary>
public sealed record Eig : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        var values = new TensorType(inputs.DType(0), new SymbolicShape(rows));
        var vectors = new TensorType(inputs.DType(0), new SymbolicShape(rows, columns));
        return [values, values, vectors, vectors];
    }

    private protected override int Memory(int rows, int columns, int right) => 2 * ((2 * rows * columns) + (4 * rows));

    private protected override void Compute(MatrixSpans m)
    {
        int n = m.Rows;
        Span<Complex> memory = MemoryMarshal.Cast<double, Complex>(m.Memory);
        Span<Complex> t = memory[..(n * n)], q = memory.Slice(n * n, n * n), vector = memory.Slice(2 * n * n, n), spare = memory[((2 * n * n) + n)..];
        double norm = 0;
        for (int i = 0; i < t.Length; i++)
        {
            t[i] = m.A[i];
            norm = Math.Max(norm, Math.Abs(m.A[i]));
        }

        ComplexSchur.Run(t, q, n, spare);
        for (int k = 0; k < n; k++)
        {
            ComplexSchur.Eigenvector(t, q, n, k, vector, spare);
            Complex value = t[(k * n) + k];

            // A real matrix has real eigenvalues and pairs; less than rounding is no imaginary part.
            bool real = Math.Abs(value.Imaginary) <= n * norm * 4.5e-16;
            m.Output(0)[k] = value.Real;
            m.Output(1)[k] = real ? 0 : value.Imaginary;
            for (int i = 0; i < n; i++)
            {
                m.Output(2)[(i * n) + k] = vector[i].Real;
                m.Output(3)[(i * n) + k] = real ? 0 : vector[i].Imaginary;
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Eigenvalues and eigenvectors (columns) of each real matrix, as real and imaginary parts.</summary>
    public EigenResult Eig(Value a)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new Eig(), a);
        return new EigenResult(outputs[0], outputs[1], outputs[2], outputs[3]);
    }
}

/// <summary>Eigenvalues and eigenvectors.</summary>
/// <param name="Values">The eigenvalues' real parts.</param>
/// <param name="ValuesImaginary">Their imaginary parts.</param>
/// <param name="Vectors">The eigenvectors' real parts, in columns.</param>
/// <param name="VectorsImaginary">Their imaginary parts.</param>
public sealed record EigenResult(Value Values, Value ValuesImaginary, Value Vectors, Value VectorsImaginary);
