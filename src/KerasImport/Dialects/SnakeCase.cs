using System.Text;

namespace KerasCompat.Dialects;

/// <summary>Keras's way from a class name to a layer name: <c>BatchNormalization</c> to <c>batch_normalization</c>.</summary>
internal static class SnakeCase
{
    /// <summary>An underscore before a capital that a small letter follows or precedes; then all in small letters.</summary>
    public static string Of(string className)
    {
        var text = new StringBuilder();
        for (int i = 0; i < className.Length; i++)
        {
            char c = className[i];
            bool starts = i > 0 && char.IsAsciiLetterUpper(c)
                && (char.IsAsciiLetterLower(className[i - 1]) || (i + 1 < className.Length && char.IsAsciiLetterLower(className[i + 1])));
            if (starts)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
