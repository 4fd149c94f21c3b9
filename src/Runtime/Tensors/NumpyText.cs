using System.Globalization;
using System.Text;

namespace KerasCompat.Runtime;

/// <summary>Tensors as numpy prints arrays, so that output can be held against a Python session by eye.</summary>
/// <remarks>numpy's defaults: at most 8 digits after the point, as few as tell the number apart, exponents where sizes differ by more than 1000.</remarks>
internal static class NumpyText
{
    private const int MostElements = 1000;
    private const int EdgeItems = 3;
    private const int Precision = 8;

    public static string Format(Tensor tensor)
    {
        Func<int, string> element = Elements(tensor);
        var text = new StringBuilder();
        int[] strides = tensor.Shape.Strides();
        bool summarized = tensor.Length > MostElements;
        Append(0, 0, 1);
        return text.ToString();

        void Append(int axis, int offset, int indent)
        {
            if (axis == tensor.Shape.Rank)
            {
                text.Append(element(offset));
                return;
            }

            text.Append('[');
            int size = tensor.Shape[axis];
            for (int i = 0; i < size; i++)
            {
                if (i > 0)
                {
                    Separate(axis, indent);
                }

                if (summarized && size > 2 * EdgeItems && i == EdgeItems)
                {
                    text.Append("...");
                    i = size - EdgeItems - 1;
                    continue;
                }

                Append(axis + 1, offset + (i * strides[axis]), indent + 1);
            }

            text.Append(']');
        }

        void Separate(int axis, int indent)
        {
            int below = tensor.Shape.Rank - axis - 1;
            text.Append(below == 0 ? " " : new string('\n', below) + new string(' ', indent));
        }
    }

    private static Func<int, string> Elements(Tensor tensor)
    {
        if (tensor is Tensor<string> text)
        {
            return i => $"'{text.Span[i]}'";
        }

        if (tensor is Tensor<bool> flags)
        {
            return i => flags.Span[i] ? "True" : flags.Length == 1 ? "False" : "False".PadLeft(5);
        }

        if (tensor.DType.IsInteger())
        {
            string[] integers = [.. tensor.Cast(DType.Int64).As<long>().ToArray().Select(v => v.ToString(CultureInfo.InvariantCulture))];
            int width = integers.Length == 0 ? 0 : integers.Max(v => v.Length);
            return i => integers[i].PadLeft(width);
        }

        double[] values = tensor.Cast(DType.Float64).As<double>().ToArray();
        bool exponents = NeedsExponents(values);
        string[] cells = [.. values.Select(v => Number(v, tensor.DType == DType.Float64, exponents))];
        int left = cells.Length == 0 ? 0 : cells.Max(PointOf), right = cells.Length == 0 ? 0 : cells.Max(c => c.Length - PointOf(c));
        return i => double.IsFinite(values[i])
            ? (new string(' ', left - PointOf(cells[i])) + cells[i]).PadRight(left + right)
            : cells[i].PadLeft(left + right);
    }

    private static bool NeedsExponents(double[] values)
    {
        double[] sizes = [.. values.Where(v => double.IsFinite(v) && v != 0).Select(Math.Abs)];
        return sizes.Length > 0 && (sizes.Max() >= 1e8 || sizes.Min() < 1e-4 || sizes.Max() / sizes.Min() > 1000);
    }

    private static int PointOf(string cell) => cell.IndexOf('.') is var point && point < 0 ? cell.Length : point;

    private static string Number(double value, bool isDouble, bool exponent)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string format = exponent ? $"0.{new string('0', Precision)}e+00" : $"0.{new string('#', Precision)}";
        // By its own shortest digits: through a wider type a single would show digits that it does not have.
        string digits = isDouble ? value.ToString("R", CultureInfo.InvariantCulture) : ((float)value).ToString("R", CultureInfo.InvariantCulture);
        string text = !exponent && decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal shortest)
            ? shortest.ToString(format, CultureInfo.InvariantCulture)
            : value.ToString(format, CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : $"{text}.";
    }
}
