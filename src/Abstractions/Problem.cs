using System.Text;

namespace KerasCompat;

/// <summary>One thing that stands in the way of a file: where, what was found, what was expected, what to do.</summary>
/// <param name="Place">Where it stands: <c>layers[3] "conv1" (Conv2D).padding</c>.</param>
/// <param name="Found">What was found there.</param>
/// <param name="Expected">What would have been understood.</param>
/// <param name="Remedy">What the reader can do about it.</param>
/// <param name="Since">The Keras version that introduced what was found, where it is known.</param>
public sealed record Problem(string Place, string Found, string? Expected = null, string? Remedy = null, string? Since = null)
{
    /// <summary>The problem as one line of text: <c>place: found X; expected Y; remedy</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Place).Append(": found ").Append(Found);
        if (Since is not null)
        {
            text.Append(" (introduced in Keras ").Append(Since).Append(')');
        }

        if (Expected is not null)
        {
            text.Append("; expected ").Append(Expected);
        }

        if (Remedy is not null)
        {
            text.Append("; ").Append(Remedy);
        }

        return text.ToString();
    }
}
