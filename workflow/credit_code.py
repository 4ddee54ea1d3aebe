"""营业执照上的号码: the unified social credit code (GB 32100-2015) with its check character, or an old registration number."""

from stdnum.cn import uscc

from workflow.errors import BadInput

_LENGTH = 18
#: Licences from before the credit code carry a registration number of fifteen digits. It is taken as it is printed,
#: because the office records what is on paper and no step rests on it.
_OLD_LENGTH = 15
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: Letters that the standard leaves out, and what they are mistaken for.
_LEFT_OUT = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
#: What people write when there is no licence.
NONE = ("无", "没有", "否")


def checked_uscc(text: str) -> str:
    """The code as it is kept: upper case, without spaces. Raises BadInput that says what is wrong.

    An old registration number of fifteen digits, or a plain 无, is taken as it is.
    """
    code = "".join(text.translate(_FULL_WIDTH).upper().split()).replace("-", "")
    if code in NONE or (len(code) == _OLD_LENGTH and code.isascii() and code.isdigit()):
        return code
    shown = code[:30]
    if len(code) != _LENGTH:
        raise BadInput(
            f"统一社会信用代码“{shown}”有 {len(code)} 位：应为 {_LENGTH} 位"
            f"（旧版营业执照的注册号为 {_OLD_LENGTH} 位数字；没有执照的填“无”）。"
        )
    for place, character in enumerate(code, 1):
        if character in _LEFT_OUT:
            raise BadInput(
                f"统一社会信用代码“{shown}”第 {place} 位是 {character}：代码不用字母 I、O、S、V、Z，"
                f"是否应为 {_LEFT_OUT[character]}？请照证核对。"
            )
        if not (character.isascii() and character.isalnum()):
            raise BadInput(f"统一社会信用代码“{shown}”第 {place} 位“{character}”不对：只用数字和大写字母。")
    # stdnum's own `validate` would refuse a leading letter, which village cooperatives have (N, 农业农村).
    if not code[2:8].isdigit():
        raise BadInput(f"统一社会信用代码“{shown}”第 3 至 8 位是登记机关的区划代码，应为数字：请照证核对。")
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        raise BadInput(f"统一社会信用代码“{shown}”的校验位对不上，其中至少有一位抄错了：请照证核对。")
    return code
